import { describe, expect, it } from "vitest";
import { visitsOf } from "./visits";

const event = (kind: string, content_id: number, value = 0, at = "2026-11-22T10:00:00Z") => ({ kind, content_id, value, at });

describe("visits", () => {
  it("gather what was done with one content in a row, in the order it happened", () => {
    const visits = visitsOf([event("like", 5, 0, "10:02"), event("dwell", 5, 12_340, "10:01"), event("impression", 5, 0, "10:00"), event("skip", 4, 900, "09:59")]);
    expect(visits.map((visit) => [visit.contentId, visit.at])).toEqual([[5, "10:02"], [4, "09:59"]]);
    expect(visits[0]!.events.map((each) => each.kind)).toEqual(["impression", "dwell", "like"]);
  });

  it("say what speaks for a content and what against it", () => {
    const goods = visitsOf(["like", "skip", "impression", "order", "return", "search"].map((kind, place) => event(kind, place))).map((visit) => visit.events[0]!.good);
    expect(goods).toEqual([true, false, null, true, false, null]);
  });

  it("give seconds where a time was told", () => {
    const [dwell, like] = visitsOf([event("dwell", 1, 12_340), event("like", 2, 3)]);
    expect(dwell!.events[0]!.seconds).toBe(12.3);
    expect(like!.events[0]!.seconds).toBeNull();
  });

  it("are none of nothing", () => {
    expect(visitsOf([])).toEqual([]);
  });
});
