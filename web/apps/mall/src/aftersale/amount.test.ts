import { expect, it } from "vitest";
import { readAmount, writeAmount } from "./amount";

it("reads what people type as an amount", () => {
  expect(readAmount("12.5", "CNY")).toBe(1250);
  expect(readAmount(" 299 ", "CNY")).toBe(29900);
  expect(readAmount("0,05", "CNY")).toBe(5);
  expect(readAmount("1.50", "JPY")).toBe(null);
  expect(readAmount("120", "JPY")).toBe(120);
});

it("takes nothing that is no amount or has too many decimals", () => {
  for (const text of ["", "-1", "1.005", "abc", "1e3", "12345678901"]) expect(readAmount(text, "CNY")).toBe(null);
});

it("writes what it reads", () => {
  for (const minor of [0, 5, 1250, 29900]) expect(readAmount(writeAmount(minor, "CNY"), "CNY")).toBe(minor);
});
