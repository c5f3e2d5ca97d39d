import { describe, expect, it } from "vitest";
import { PRICE_LIMIT_MINOR, moneyToInput, parseMoney } from "./money-input";

describe("parseMoney", () => {
  it.each([
    ["899", 89900],
    ["899.", 89900],
    ["899.9", 89990],
    ["19.99", 1999],
    ["0.07", 7],
    [".5", 50],
    ["1,299.00", 129900],
    ["¥ 88", 8800],
    ["８９．９", 8990],
    ["８９。９", 8990],
    ["12元", 1200],
    ["8.500", 850],
    ["0", 0],
    ["10000000", PRICE_LIMIT_MINOR],
  ])("reads %j as %d minor units", (typed, expected) => {
    expect(parseMoney(typed)).toEqual({ ok: true, amount_minor: expected });
  });

  it.each([
    ["", "empty"],
    ["   ", "empty"],
    ["abc", "not_a_number"],
    ["1.2.3", "not_a_number"],
    ["1e3", "not_a_number"],
    ["-5", "negative"],
    ["1.999", "too_many_decimals"],
    ["10000000.01", "too_large"],
    ["99999999999999999999", "too_large"],
  ])("refuses %j as %s", (typed, problem) => {
    expect(parseMoney(typed)).toEqual({ ok: false, problem });
  });

  it("reads back every amount it prints", () => {
    for (const amount of [0, 1, 9, 10, 99, 100, 101, 1999, 123456789, PRICE_LIMIT_MINOR]) {
      expect(parseMoney(moneyToInput(amount))).toEqual({ ok: true, amount_minor: amount });
    }
  });
});
