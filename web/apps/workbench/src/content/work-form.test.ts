import { describe, expect, it } from "vitest";
import { anchorAt } from "./PhoneFrame";
import { anchorsWithin, type AnchorDraft, checkWork, clipTimeToInput, emptyWork, parseClipTime, toWorkBody } from "./work-form";

const anchor = (product_id: number, show_from_ms: number | null): AnchorDraft => ({
  product_id,
  name: `p${product_id}`,
  picture_url: "",
  price: null,
  label: "",
  show_from_ms,
  show_until_ms: null,
});

describe("clip times", () => {
  it.each([
    ["3", 3000],
    ["3.5", 3500],
    ["1:05", 65_000],
    ["0:00.25", 250],
  ])("reads %s", (typed, expected) => {
    expect(parseClipTime(typed)).toBe(expected);
  });

  it.each(["", "abc", "-1", "1:75", "1:2:3"])("refuses %j", (typed) => {
    expect(parseClipTime(typed)).toBeNull();
  });

  it("prints what it reads", () => {
    for (const position of [0, 250, 3500, 59_999, 60_000, 65_000]) {
      expect(parseClipTime(clipTimeToInput(position))).toBe(position);
    }
  });
});

describe("checkWork", () => {
  it("asks for a title always and for files only when publishing", () => {
    const form = emptyWork("video");
    expect([...checkWork(form, 0, false)]).toEqual([["title", "title_missing"]]);
    expect([...checkWork({ ...form, title: "x" }, 0, true)]).toEqual([["asset_ids", "files_missing"]]);
  });

  it("refuses an anchor after the clip's end", () => {
    const form = { ...emptyWork("video"), title: "x", asset_ids: [1], anchors: [anchor(1, 999), anchor(2, 1000)] };
    expect([...checkWork(form, 1000, true)]).toEqual([["anchors.1.show_from_ms", "anchor_late"]]);
  });
});

it("pictures carry no anchor times", () => {
  expect(toWorkBody({ ...emptyWork("picture"), anchors: [anchor(1, 500)] }).anchors).toEqual([
    { product_id: 1, label: "", show_from_ms: null, show_until_ms: null },
  ]);
});

it("shows the last anchor whose time has come", () => {
  const anchors = [anchor(1, null), anchor(2, 2000)];
  expect(anchorAt(anchors, 0)?.product_id).toBe(1);
  expect(anchorAt(anchors, 2000)?.product_id).toBe(2);
  expect(anchorAt([anchor(3, 500)], 100)).toBeNull();
});

it("takes anchors along into a part of the clip", () => {
  const whole = [anchor(1, null), anchor(2, 2000), anchor(3, 9000), { ...anchor(4, null), show_until_ms: 1000 }, { ...anchor(5, 4000), show_until_ms: 5000 }];
  const part = anchorsWithin(whole, 3000, 8000);
  expect(part.map((one) => [one.product_id, one.show_from_ms, one.show_until_ms])).toEqual([
    [1, null, null],
    [2, null, null],
    [5, 1000, 2000],
  ]);
});
