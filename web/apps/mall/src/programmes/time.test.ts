import { expect, it } from "vitest";
import { timeLeft } from "./time";

const now = Date.parse("2026-11-22T08:00:00Z");

it("counts down to the second and ends", () => {
  expect(timeLeft("2026-11-22T09:02:03Z", now)).toEqual({ days: 0, clock: "01:02:03" });
  expect(timeLeft("2026-11-25T08:00:01Z", now)).toEqual({ days: 3, clock: "00:00:01" });
  expect(timeLeft("2026-11-22T08:00:00.400Z", now)).toEqual({ days: 0, clock: "00:00:01" });
  expect(timeLeft("2026-11-22T08:00:00Z", now)).toBeNull();
});
