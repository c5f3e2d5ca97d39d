import type { components } from "@xingqu/client";

type GmvChangeOut = components["schemas"]["GmvChangeOut"];
export type Factor = GmvChangeOut["factors"][number];

export interface FactorRow extends Factor {
  /** By how much it changed, as a share of what it was; null without something to compare with. */
  ratio: number | null;
  /** Length of its bar, 0..1 of the largest. */
  length: number;
  /** "up" when it raised GMV. */
  way: "up" | "down" | "none";
}

/** The factors as they are drawn: bars in proportion to what each moved. */
export function factorRows(factors: readonly Factor[]): FactorRow[] {
  const most = Math.max(1, ...factors.map((one) => Math.abs(one.moved_minor ?? 0)));
  return factors.map((one) => ({
    ...one,
    ratio: one.now !== null && one.before ? one.now / one.before - 1 : null,
    length: Math.abs(one.moved_minor ?? 0) / most,
    way: !one.moved_minor ? "none" : one.moved_minor > 0 ? "up" : "down",
  }));
}

/** Why nothing is divided among the factors: null where it is. */
export function whyNot({ now, before }: Pick<GmvChangeOut, "now" | "before">): "nothing_now" | "nothing_before" | "nothing" | null {
  const sold = now.gmv.amount_minor > 0;
  const soldBefore = before.gmv.amount_minor > 0;
  if (sold && soldBefore) return null;
  return sold ? "nothing_before" : soldBefore ? "nothing_now" : "nothing";
}

/** The factor that moved GMV most, the way GMV went. */
export function mainFactor(factors: readonly Factor[], changeMinor: number): Factor | null {
  const same = factors.filter((one) => one.moved_minor && Math.sign(one.moved_minor) === Math.sign(changeMinor));
  return same.reduce<Factor | null>((best, one) => (best && Math.abs(best.moved_minor ?? 0) >= Math.abs(one.moved_minor ?? 0) ? best : one), null);
}
