/** Money as merchants type it. On the wire it is whole minor units (fen, cents) and a currency. */

/** The largest price a merchant may enter, in minor units (ten million yuan). */
export const PRICE_LIMIT_MINOR = 1_000_000_000;

export type MoneyProblem = "empty" | "not_a_number" | "too_many_decimals" | "negative" | "too_large";

export type MoneyParse = { ok: true; amount_minor: number } | { ok: false; problem: MoneyProblem };

const FULL_WIDTH_OFFSET = 0xfee0;

function toHalfWidth(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (char) => String.fromCharCode(char.charCodeAt(0) - FULL_WIDTH_OFFSET))
    .replace(/。/g, ".");
}

/**
 * Reads a decimal amount as typed ("1,299.5", "¥89", "８９．９") into minor units.
 * Works on the digits, never on floating point, so 19.99 is exactly 1999.
 */
export function parseMoney(typed: string): MoneyParse {
  const text = toHalfWidth(typed)
    .replace(/[\s,¥￥]/g, "")
    .replace(/元$/, "");
  if (text === "") return { ok: false, problem: "empty" };
  if (/^-\d/.test(text)) return { ok: false, problem: "negative" };
  const match = /^(\d+)(?:\.(\d*))?$|^\.(\d+)$/.exec(text);
  if (!match) return { ok: false, problem: "not_a_number" };
  const whole = match[1] ?? "0";
  const decimals = match[2] ?? match[3] ?? "";
  if (decimals.replace(/0+$/, "").length > 2) return { ok: false, problem: "too_many_decimals" };
  if (whole.replace(/^0+/, "").length > 10) return { ok: false, problem: "too_large" };
  const amount_minor = Number(whole) * 100 + Number(decimals.slice(0, 2).padEnd(2, "0"));
  if (amount_minor > PRICE_LIMIT_MINOR) return { ok: false, problem: "too_large" };
  return { ok: true, amount_minor };
}

/** The plain decimal for an input field: 89900 -> "899", 1999 -> "19.99". */
export function moneyToInput(amount_minor: number): string {
  const sign = amount_minor < 0 ? "-" : "";
  const absolute = Math.abs(amount_minor);
  const whole = Math.floor(absolute / 100);
  const cents = absolute % 100;
  return sign + (cents === 0 ? String(whole) : `${whole}.${String(cents).padStart(2, "0")}`);
}
