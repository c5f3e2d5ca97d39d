import { expect, it } from "vitest";
import { piecesOf } from "./spans";

it("marks every opinion, or those of one aspect", () => {
  const spans = [
    { aspect: "quality", polarity: 1, in_follow_up: false, start: 0, end: 4 },
    { aspect: "logistics", polarity: -1, in_follow_up: false, start: 5, end: 8 },
    { aspect: "size", polarity: 0, in_follow_up: false, start: 9, end: 11 },
  ] as const;
  const text = "质量很好，物流慢，尺码";
  expect(piecesOf(text, [...spans], undefined, false).map((piece) => [piece.text, piece.polarity])).toEqual([
    ["质量很好", 1],
    ["，", 0],
    ["物流慢", -1],
    ["，尺码", 0],
  ]);
  expect(piecesOf(text, [...spans], "logistics", false).map((piece) => piece.polarity)).toEqual([0, -1, 0]);
  expect(piecesOf(text, [...spans], undefined, true)).toEqual([{ text, polarity: 0 }]);
});
