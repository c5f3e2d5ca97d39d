import { describe, expect, it } from "vitest";
import { parseRate, rateText } from "./rates";

describe("rates", () => {
  it.each([
    ["20", 2000],
    ["12.5", 1250],
    ["12.5 %", 1250],
    ["0.01％", 1],
    ["19.99", 1999],
    ["100", 10_000],
  ])("reads %j as %d basis points", (typed, expected) => expect(parseRate(typed)).toBe(expected));

  it.each(["", "abc", "-1", "100.01", "1.234", "1e1", "1000"])("refuses %j", (typed) => expect(parseRate(typed)).toBeNull());

  it("reads back what it prints", () => {
    for (const basisPoints of [0, 1, 99, 1250, 2000, 9999, 10_000]) expect(parseRate(rateText(basisPoints))).toBe(basisPoints);
  });
});
