import { describe, expect, it } from "vitest";
import { countOf, piecesOf, praiseOf } from "./review-kinds";

const SUMMARY = { count: 9, score: 4.1, histogram: { "5": 4, "4": 2, "3": 1, "2": 1, "1": 1 }, pictures: 3, follow_ups: 2, defaults: 7, aspects: [] };

describe("reviews of a product", () => {
  it("counts what each filter holds", () => {
    expect((["all", "pictures", "follow_up", "good", "middle", "low", "default"] as const).map((show) => countOf(SUMMARY, show))).toEqual([9, 3, 2, 6, 1, 2, 7]);
    expect(countOf(undefined, "all")).toBeNull();
  });

  it("marks the letters that a figure counts, also behind letters of two units", () => {
    const text = "😀质量很好，物流慢";
    const spans = [
      { aspect: "logistics", polarity: -1, in_follow_up: false, start: 6, end: 9 },
      { aspect: "quality", polarity: 1, in_follow_up: false, start: 0, end: 5 },
      { aspect: "quality", polarity: 1, in_follow_up: true, start: 0, end: 2 },
    ] as const;
    expect(piecesOf(text, [...spans], "quality", false)).toEqual([
      { text: "😀质量很好", polarity: 1 },
      { text: "，物流慢", polarity: 0 },
    ]);
    expect(piecesOf(text, [...spans], "logistics", false)[1]).toEqual({ text: "物流慢", polarity: -1 });
    expect(piecesOf(text, [...spans], null, false)).toEqual([{ text, polarity: 0 }]);
    expect(piecesOf("短", [...spans], "logistics", false)).toEqual([{ text: "短", polarity: 0 }]);
  });

  it("rounds praise to percent", () => {
    expect([praiseOf({ mentions: 133, positive: 122 }), praiseOf({ mentions: 0, positive: 0 })]).toEqual([92, 0]);
  });
});
