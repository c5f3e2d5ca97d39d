import { expect, it } from "vitest";
import { BEGINNING, movedTo, standingAnchor } from "./anchors";

const at = (show_from_ms: number | null, show_until_ms: number | null = null) => ({ show_from_ms, show_until_ms });

it("raises a product without times after the first look", () => {
  expect(standingAnchor([at(null)], 0, 0, false)).toBe(-1);
  expect(standingAnchor([at(null)], 0, 0, true)).toBe(0);
  expect(standingAnchor([], 0, 0, true)).toBe(-1);
});

it("keeps what has come, also when the clip begins again", () => {
  expect(standingAnchor([at(2000)], 1999, 1999, true)).toBe(-1);
  expect(standingAnchor([at(2000)], 2000, 2000, true)).toBe(0);
  expect(standingAnchor([at(2000)], 100, 7000, true)).toBe(0);
});

it("takes away what has an end, and raises it when its time comes by again", () => {
  const anchors = [at(1000, 3000)];
  expect([500, 1000, 2999, 3000].map((time) => standingAnchor(anchors, time, 5000, true))).toEqual([-1, 0, 0, -1]);
});

it("shows the latest of several", () => {
  const anchors = [at(null), at(2000), at(4000, 6000)];
  expect(standingAnchor(anchors, 1000, 1000, true)).toBe(0);
  expect(standingAnchor(anchors, 2500, 2500, true)).toBe(1);
  expect(standingAnchor(anchors, 4500, 4500, true)).toBe(2);
  expect(standingAnchor(anchors, 6500, 6500, true)).toBe(1);
});

it("moves on only when something rises or goes", () => {
  const anchors = [at(1000, 3000)];
  expect(movedTo(anchors, BEGINNING, 900)).toBe(BEGINNING);
  const risen = movedTo(anchors, BEGINNING, 1100);
  expect(risen).toEqual({ now: 1100, furthest: 1100 });
  expect(movedTo(anchors, risen, 2000)).toBe(risen);
  expect(movedTo(anchors, risen, 3000)).toEqual({ now: 3000, furthest: 3000 });
});
