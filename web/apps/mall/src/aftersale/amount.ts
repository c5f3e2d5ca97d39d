const PLACES: Record<string, number> = { JPY: 0, KRW: 0 };

/** Minor units of what a person typed as an amount ("12.5"), or null when it is none or has too many decimals. */
export function readAmount(text: string, currency: string): number | null {
  const places = PLACES[currency] ?? 2;
  const match = /^\s*(\d{1,9})(?:[.,](\d*))?\s*$/.exec(text);
  if (!match) return null;
  const decimals = match[2] ?? "";
  if (decimals.replace(/0+$/, "").length > places) return null;
  return Number(match[1]) * 10 ** places + Number(decimals.slice(0, places).padEnd(places, "0") || 0);
}

/** An amount as it stands in a field that can be edited. */
export function writeAmount(minor: number, currency: string): string {
  const places = PLACES[currency] ?? 2;
  return (minor / 10 ** places).toFixed(places);
}
