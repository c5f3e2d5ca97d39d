import type { Training } from "../api/types";
import type { Point } from "../charts/scale";

/** Kinds of trainings in the order of their names. */
export function kindsOf(rows: Training[]): string[] {
  return [...new Set(rows.map((row) => row.kind))].sort();
}

/** Held-out figures of one kind over time, oldest first, of what served before and of what was trained. */
export function curvesOf(rows: Training[], kind: string): { before: Point[]; after: Point[]; metric: string } {
  const own = rows.filter((row) => row.kind === kind && row.after !== null).reverse();
  const points = (pick: (row: Training) => number | null) =>
    own.flatMap((row) => {
      const y = pick(row);
      return y === null ? [] : [{ x: Date.parse(row.started_at), y }];
    });
  return { before: points((row) => row.before), after: points((row) => row.after), metric: own.at(-1)?.metric ?? "" };
}
