import { expect, it } from "vitest";
import { moved, stepsOf } from "./states";

it("offers the steps that the server takes", () => {
  const names = (state: Parameters<typeof stepsOf>[0]) => stepsOf(state).map((step) => step.name);
  expect(names("scheduled")).toEqual(["start", "end"]);
  expect(names("live")).toEqual(["pause", "end"]);
  expect(names("paused")).toEqual(["resume", "end"]);
  expect(names("interrupted")).toEqual(["end"]);
  expect([...names("ended"), ...names("banned")]).toEqual([]);
});

it("moves an item by one place and stops at the ends", () => {
  expect(moved([1, 2, 3], 2, -1)).toEqual([2, 1, 3]);
  expect(moved([1, 2, 3], 1, -1)).toEqual([1, 2, 3]);
  expect(moved([1, 2, 3], 3, 1)).toEqual([1, 2, 3]);
});
