import { expect, it } from "vitest";
import { formatBytes, localDay } from "./size";

it("writes sizes and days", () => {
  expect(formatBytes(999)).toBe("999 B");
  expect(formatBytes(1_536_000)).toBe("1.5 MB");
  expect(localDay(new Date(2026, 0, 5))).toBe("2026-01-05");
});
