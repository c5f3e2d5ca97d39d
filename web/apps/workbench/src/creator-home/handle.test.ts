import { expect, it } from "vitest";
import { handleProblem } from "./handle";

it("says what a handle may not be", () => {
  expect(["qinghe", "a1_.-", "abc"].map(handleProblem)).toEqual([null, null, null]);
  expect(["ab", "x".repeat(31)].map(handleProblem)).toEqual(["handle_length", "handle_length"]);
  expect(["Qinghe", "青禾青禾", "_abc", "a b c"].map(handleProblem)).toEqual(Array(4).fill("handle_letters"));
  expect(handleProblem("shop12")).toBe("handle_of_shops");
});
