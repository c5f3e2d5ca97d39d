/** How numbers, money and dates are written in each of the two languages. */
export type Language = "zh-CN" | "en";

export interface Money {
  amount_minor: number;
  currency: string;
}

const MINOR_DIGITS: Record<string, number> = { JPY: 0, KRW: 0, VND: 0 };
const SYMBOLS: Record<string, string> = { CNY: "¥", JPY: "¥", USD: "$", EUR: "€", GBP: "£", HKD: "HK$" };

function minorDigits(currency: string): number {
  return MINOR_DIGITS[currency] ?? 2;
}

/** "¥899" or "¥89.90": whole amounts drop the fraction unless `exact`. */
export function formatMoney(money: Money, language: Language, exact = false): string {
  const digits = minorDigits(money.currency);
  const unit = 10 ** digits;
  const negative = money.amount_minor < 0;
  const minor = Math.abs(money.amount_minor);
  const fraction = minor % unit;
  const whole = (minor - fraction) / unit;
  const tail = digits > 0 && (exact || fraction !== 0) ? `.${String(fraction).padStart(digits, "0")}` : "";
  const symbol = SYMBOLS[money.currency] ?? `${money.currency} `;
  return `${negative ? "-" : ""}${symbol}${whole.toLocaleString(language)}${tail}`;
}

/** The parts of a price, so that a page can set the fraction smaller. */
export function splitMoney(money: Money, language: Language): { symbol: string; whole: string; fraction: string } {
  const text = formatMoney(money, language);
  const match = /^(-?[^\d]*)([\d,]+)(\.\d+)?$/.exec(text);
  return { symbol: match?.[1] ?? "", whole: match?.[2] ?? text, fraction: match?.[3] ?? "" };
}

/** Counts as people write them: 1.2万 and 3亿 in Chinese, 12K and 3.4M in English. */
export function formatCompact(value: number, language: Language): string {
  const steps: [number, string][] =
    language === "zh-CN"
      ? [
          [100_000_000, "亿"],
          [10_000, "万"],
        ]
      : [
          [1_000_000_000, "B"],
          [1_000_000, "M"],
          [1_000, "K"],
        ];
  const size = Math.abs(value);
  for (const [step, suffix] of steps) {
    if (size >= step) {
      const scaled = Math.floor((size / step) * 10) / 10;
      const text = scaled >= 100 ? String(Math.floor(scaled)) : String(scaled);
      return `${value < 0 ? "-" : ""}${text}${suffix}`;
    }
  }
  return String(Math.trunc(value));
}

/** Money shortened the same way: ¥1.2万 / ¥12K. */
export function formatCompactMoney(money: Money, language: Language): string {
  const whole = money.amount_minor / 10 ** minorDigits(money.currency);
  const threshold = language === "zh-CN" ? 10_000 : 1_000;
  if (Math.abs(whole) < threshold) return formatMoney(money, language);
  const symbol = SYMBOLS[money.currency] ?? `${money.currency} `;
  return `${whole < 0 ? "-" : ""}${symbol}${formatCompact(Math.abs(whole), language)}`;
}

export function formatNumber(value: number, language: Language): string {
  return value.toLocaleString(language);
}

export function formatPercent(ratio: number, language: Language, digits = 1): string {
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: digits }).format(ratio);
}

export function formatDate(iso: string, language: Language): string {
  const options: Intl.DateTimeFormatOptions = { year: "numeric", month: language === "en" ? "short" : "long", day: "numeric" };
  return new Intl.DateTimeFormat(language, options).format(new Date(iso));
}

export function formatDateTime(iso: string, language: Language): string {
  return new Intl.DateTimeFormat(language, {
    month: language === "en" ? "short" : "numeric",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(iso));
}

/** "11月25日" / "Nov 25". */
export function formatDayMonth(iso: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { month: language === "en" ? "short" : "long", day: "numeric" }).format(new Date(iso));
}

/** "3 minutes ago", "昨天", and a plain date after a week. `now` is an argument so that tests are exact. */
export function formatRelative(iso: string, language: Language, now: number = Date.now()): string {
  const seconds = Math.round((new Date(iso).getTime() - now) / 1000);
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const size = Math.abs(seconds);
  if (size < 60) return relative.format(0, "second");
  if (size < 3600) return relative.format(Math.trunc(seconds / 60), "minute");
  if (size < 86_400) return relative.format(Math.trunc(seconds / 3600), "hour");
  if (size < 7 * 86_400) return relative.format(Math.trunc(seconds / 86_400), "day");
  return formatDate(iso, language);
}

/** 75_000 ms -> "1:15". */
export function formatDuration(durationMs: number): string {
  const total = Math.max(0, Math.round(durationMs / 1000));
  return `${Math.floor(total / 60)}:${String(total % 60).padStart(2, "0")}`;
}

/** Time left until a deadline as "14:59" or "1:02:03"; "0:00" when it has passed. */
export function formatCountdown(leftMs: number): string {
  const total = Math.max(0, Math.floor(leftMs / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = String(total % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${minutes}:${seconds}`;
}
