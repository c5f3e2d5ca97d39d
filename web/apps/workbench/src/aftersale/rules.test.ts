import { expect, it } from "vitest";
import { RULE_GROUPS, shownValue, storedValue } from "./rules";

it("shows each rule once", () => {
  const all = RULE_GROUPS.flatMap((group) => group.rules);
  expect(new Set(all).size).toBe(all.length);
  expect(all.length).toBe(21);
});

it("keeps what it shows", () => {
  expect(shownValue("review_s", 172_800)).toBe(48);
  expect(storedValue("review_s", 1.5)).toBe(5400);
  expect(storedValue("instant_max_minor", 199.99)).toBe(19999);
  expect(storedValue("apply_days", 15)).toBe(15);
});
