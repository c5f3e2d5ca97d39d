import { describe, expect, it } from "vitest";
import { dayBefore } from "./days";
import { reconciliation } from "./texts";

describe("the day of a bill", () => {
  it("is the one before today's in Beijing", () => {
    expect(dayBefore(new Date("2026-11-22T15:59:59Z"))).toBe("2026-11-21");
    expect(dayBefore(new Date("2026-11-22T16:00:00Z"))).toBe("2026-11-22");
    expect(dayBefore(new Date("2026-03-01T00:00:00Z"))).toBe("2026-02-28");
  });
});

describe("what a difference means", () => {
  it("is said for every kind that can happen", () => {
    const possible = { missing_here: ["payment", "refund", "ledger"], missing_there: ["payment", "refund"], amount: ["payment", "refund", "ledger"], state: ["payment", "refund"], duplicate: ["payment", "refund"] } as const;
    for (const language of ["zh-CN", "en"] as const) {
      const why: Record<string, Record<string, string>> = reconciliation[language].why;
      const silent = Object.entries(possible).flatMap(([kind, subjects]) => subjects.filter((subject) => !why[kind]?.[subject]));
      expect(silent).toEqual([]);
    }
  });
});
