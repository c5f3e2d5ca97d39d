import { describe, expect, it } from "vitest";
import type { Training } from "../api/types";
import { curvesOf, kindsOf } from "./curves";

const row = (kind: string, started_at: string, before: number | null, after: number | null) => ({ kind, started_at, before, after, metric: "ndcg_at_10" }) as Training;

describe("curves of trainings", () => {
  const rows = [row("taste", "2026-11-03T00:00:00Z", 0.1, 0.12), row("next", "2026-11-02T00:00:00Z", null, null), row("taste", "2026-11-01T00:00:00Z", null, 0.1)];

  it("run from the oldest to the newest and leave out what has no figure", () => {
    expect(kindsOf(rows)).toEqual(["next", "taste"]);
    expect(curvesOf(rows, "taste").after).toEqual([
      { x: Date.parse("2026-11-01T00:00:00Z"), y: 0.1 },
      { x: Date.parse("2026-11-03T00:00:00Z"), y: 0.12 },
    ]);
    expect(curvesOf(rows, "taste").before).toEqual([{ x: Date.parse("2026-11-03T00:00:00Z"), y: 0.1 }]);
    expect(curvesOf(rows, "next")).toEqual({ before: [], after: [], metric: "" });
  });
});
