import { expect, it } from "vitest";
import { readReplies, readScript, writeReplies, writeScript } from "./scripts";

const items = new Map([
  [1, 31],
  [2, 32],
]);

it("reads and writes a script", () => {
  const text = "0:00 explain 2\n1:30 announce 上新\n2:00 coupon 10 from 99\n3:05 unexplain";
  const read = readScript(text, items);
  expect(read).toEqual({
    steps: [
      { at_s: 0, act: "explain", item_id: 32 },
      { at_s: 90, act: "announce", text: "上新" },
      { at_s: 120, act: "coupon", coupon: { discount_minor: 1000, threshold_minor: 9900 } },
      { at_s: 185, act: "unexplain" },
    ],
  });
  const positions = new Map([...items].map(([place, id]) => [id, place]));
  expect("steps" in read && writeScript(read.steps, positions)).toBe(text);
  expect(readScript("0:10 讲解 1\n\n0:20 券 5 满 20", items)).toMatchObject({ steps: [{ item_id: 31 }, { coupon: { discount_minor: 500 } }] });
});

it("names the line that can't be read", () => {
  for (const wrong of ["1 explain 1", "0:99 explain 1", "0:00 explain 7", "0:00 dance", "0:00 say", "0:00 coupon x"]) {
    expect(readScript(`0:00 explain 1\n${wrong}`, items)).toEqual({ line: 2 });
  }
});

it("reads and writes replies", () => {
  const replies = readReplies("发货，快递 = 48 小时内发货\n没有答案\n尺码 = a=b");
  expect(replies).toEqual([
    { words: ["发货", "快递"], text: "48 小时内发货" },
    { words: ["尺码"], text: "a=b" },
  ]);
  expect(readReplies(writeReplies(replies))).toEqual(replies);
});
