import { afterEach, expect, test } from "vitest";
import { forgetLatency, latencyNow, noteServerTime, noteShown } from "./latency";

afterEach(forgetLatency);

test("a wrong clock of one's own does not count", () => {
  noteServerTime(1_000_000, 1_060_400);
  noteServerTime(1_001_000, 1_061_050);
  noteShown(999_000, 1_062_050);
  expect(latencyNow(1_062_100)).toBe(3_000);
});

test("nothing is said without a clock, nor of a picture that stands still", () => {
  noteShown(999_000, 1_062_050);
  expect(latencyNow(1_062_050)).toBeNull();
  noteServerTime(1_000, 1_000);
  noteShown(0, 2_000);
  expect(latencyNow(2_001)).toBe(2_000);
  expect(latencyNow(40_000)).toBeNull();
});
