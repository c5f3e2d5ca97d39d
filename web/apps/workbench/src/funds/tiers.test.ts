import { describe, expect, it } from "vitest";
import { readTiers } from "./tiers";

describe("readTiers", () => {
  it("reads a tier a line, lowest score first", () => {
    expect(readTiers("90 1\n\n 70：3 ")).toEqual([
      { min_score: 70, days: 3 },
      { min_score: 90, days: 1 },
    ]);
    expect(readTiers("")).toEqual([]);
  });

  it.each(["90", "x 1", "101 1", "90 181", "90 1\n90 2", "70 1\n90 3"])("refuses %j", (typed) => {
    expect(readTiers(typed)).toBeNull();
  });
});
