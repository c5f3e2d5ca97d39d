import { describe, expect, it } from "vitest";
import { linePath, niceTicks, scale } from "./scale";

describe("ticks", () => {
  it("are round and hold the extent", () => {
    expect(niceTicks(0, 0.83)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(niceTicks(3, 97)).toEqual([0, 25, 50, 75, 100]);
    expect(niceTicks(0, 7)).toEqual([0, 2, 4, 6, 8]);
  });

  it("never come to nothing", () => {
    expect(niceTicks(0, 0)).toEqual([0, 1]);
    expect(niceTicks(5, 5)).toEqual([0, 5]);
    expect(niceTicks(Number.NaN, 1)).toEqual([0, 1]);
  });
});

describe("a scale", () => {
  it("maps ends to ends, upside down if asked", () => {
    const y = scale(0, 10, 200, 0);
    expect([y(0), y(5), y(10)]).toEqual([200, 100, 0]);
  });

  it("puts a single value in the middle", () => {
    expect(scale(4, 4, 0, 100)(4)).toBe(50);
  });
});

it("a path moves first and then draws", () => {
  expect(linePath([{ x: 1, y: 2 }, { x: 3, y: 4.25 }])).toBe("M1.0 2.0L3.0 4.3");
  expect(linePath([])).toBe("");
});
