import { expect, it } from "vitest";
import { stateOfTab, urgencyOf } from "./order-view";

it("tabs ask for their state", () => {
  expect(stateOfTab("all")).toBeUndefined();
  expect(stateOfTab(undefined)).toBeUndefined();
  expect(stateOfTab("to_ship")).toBe("to_ship");
  expect(stateOfTab("shipped")).toBe("shipped");
});

it("knows what is late and what is near", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");
  expect(urgencyOf(null, now)).toBe("calm");
  expect(urgencyOf("2026-11-22T11:59:59Z", now)).toBe("late");
  expect(urgencyOf("2026-11-22T17:00:00Z", now)).toBe("soon");
  expect(urgencyOf("2026-11-23T12:00:00Z", now)).toBe("calm");
});
