/** Rates as people type them, in percent, and as the wire has them, in basis points. */

/** "20" or "12.5 %" as basis points, null when it is no rate from 0 to 100 with two decimals at most. */
export function parseRate(typed: string): number | null {
  const text = typed.replace(/[%％\s]/g, "");
  if (!/^\d{1,3}(\.\d{1,2})?$/.test(text)) return null;
  const basisPoints = Math.round(Number(text) * 100);
  return basisPoints <= 10_000 ? basisPoints : null;
}

/** Basis points as percent: 2000 is "20%", 1250 "12.5%". */
export function rateText(basisPoints: number): string {
  return `${basisPoints / 100}%`;
}
