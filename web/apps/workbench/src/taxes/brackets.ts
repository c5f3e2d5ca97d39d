import { parseMoney } from "../format/money-input";

export interface Bracket {
  up_to_minor: number | null;
  rate_bp: number;
}

/** Brackets as typed, one a line ("20000 20", the last "* 40"): upper end and per cent. Null for what can't be read. */
export function readBrackets(typed: string): Bracket[] | null {
  const rows = typed
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const found: Bracket[] = [];
  for (const row of rows) {
    const [end, rate, ...rest] = row.split(/\s+/);
    const percent = Number(rate?.replace(/%$/, ""));
    if (end === undefined || rate === undefined || rest.length > 0 || !Number.isFinite(percent) || percent < 0 || percent >= 100) return null;
    const sum = end === "*" ? null : parseMoney(end);
    if (sum !== null && !sum.ok) return null;
    found.push({ up_to_minor: sum === null ? null : sum.amount_minor, rate_bp: Math.round(percent * 100) });
  }
  const ends = found.map((one) => one.up_to_minor);
  if (ends.length > 0 && ends.indexOf(null) !== ends.length - 1) return null;
  const rises = found.every((one, at) => {
    const before = found[at - 1];
    return before === undefined || (one.rate_bp >= before.rate_bp && (one.up_to_minor === null || one.up_to_minor > (before.up_to_minor ?? Infinity)));
  });
  return rises ? found : null;
}
