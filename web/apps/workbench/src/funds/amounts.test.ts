import { describe, expect, it } from "vitest";
import { amountOf, amountProblem } from "./amounts";

describe("amountProblem", () => {
  const limits = { least_minor: 100, most_minor: 28405 };
  it.each([
    ["", "missing"],
    ["abc", "amount"],
    ["1.234", "amount"],
    ["0.99", "too_little"],
    ["284.06", "too_much"],
    ["1", null],
    ["284.05", null],
  ])("%j: %s", (typed, expected) => {
    expect(amountProblem(typed, limits)).toBe(expected);
  });

  it("lets nothing be taken of a balance below zero", () => {
    expect(amountProblem("1", { least_minor: 100, most_minor: -9500 })).toBe("too_much");
  });
});

it("reads amounts exactly", () => {
  expect([amountOf("19.99"), amountOf("x")]).toEqual([1999, 0]);
});
