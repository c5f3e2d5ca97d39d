import { parseMoney } from "../format/money-input";

/** A coupon as it is typed. Times are what a date field gives. */
export interface CouponDraft {
  name: string;
  kind: "fixed" | "rate";
  threshold: string;
  discount: string;
  percent: number | null;
  cap: string;
  audience: "everyone" | "new_customer";
  stock: number | null;
  limit: number | null;
  /** Empty: claimable from now on. */
  from: string;
  until: string;
  days: number | null;
  scope: "all" | "products" | "categories";
  scopeIds: number[];
}

export type Problems = Record<string, string>;

/** Minor units of a typed amount; an empty one is `empty`, and what is no amount is undefined. */
export function minor(typed: string, empty: number | null): number | null | undefined {
  if (typed.trim() === "") return empty;
  const parsed = parseMoney(typed);
  return parsed.ok ? parsed.amount_minor : undefined;
}

/** What is wrong with a coupon, by field, as codes of texts. */
export function couponProblems(draft: CouponDraft, now: number): Problems {
  const wrong: Problems = {};
  const threshold = minor(draft.threshold, 0);
  const discount = minor(draft.discount, 0);
  if (!draft.name.trim()) wrong.name = "missing";
  if (threshold === undefined) wrong.threshold = "amount";
  if (draft.kind === "fixed") {
    if (!discount) wrong.discount = "amount";
    else if (threshold && discount > threshold) wrong.discount = "above_threshold";
  } else {
    if (!draft.percent || draft.percent > 99) wrong.percent = "percent";
    if (minor(draft.cap, null) === undefined || minor(draft.cap, null) === 0) wrong.cap = "amount";
  }
  if (!draft.stock) wrong.stock = "missing";
  if (!draft.limit || (draft.stock && draft.limit > draft.stock)) wrong.limit = "limit";
  Object.assign(wrong, spanProblems(draft.from, draft.until, now));
  if (!draft.days) wrong.days = "missing";
  if (draft.scope !== "all" && draft.scopeIds.length === 0) wrong.scope = "missing";
  return wrong;
}

/** The body that makes the coupon. Only for a draft without problems. */
export function couponBody(draft: CouponDraft, now: number) {
  const fixed = draft.kind === "fixed";
  return {
    name: draft.name.trim(),
    kind: draft.kind,
    threshold_minor: minor(draft.threshold, 0),
    discount_minor: fixed ? minor(draft.discount, 0) : 0,
    rate_bp: fixed ? 0 : Math.round((draft.percent ?? 0) * 100),
    cap_minor: fixed ? null : minor(draft.cap, null),
    audience: draft.audience,
    stock: draft.stock,
    limit_per_person: draft.limit,
    claim_from: beginning(draft.from, now),
    claim_until: new Date(draft.until).toISOString(),
    valid_days: draft.days,
    scope: draft.scope,
    scope_ids: draft.scope === "all" ? [] : draft.scopeIds,
  };
}

const MAX_SPAN_MS = 366 * 86_400_000;

/** What is wrong with a typed time, by field: empty `from` begins now, and a sale may begin later but not end before. */
export function spanProblems(from: string, until: string, now: number): Problems {
  const end = new Date(until).getTime();
  const begin = from ? new Date(from).getTime() : now;
  if (Number.isNaN(begin)) return { from: "missing" };
  if (!(end > now)) return { until: "future" };
  if (end <= begin) return { until: "after_start" };
  return end - begin > MAX_SPAN_MS ? { until: "year" } : {};
}

/** What is wrong with a typed time at this moment. */
export function spanNow(from: string, until: string): Problems {
  return spanProblems(from, until, Date.now());
}

/** When a programme begins: as typed, else now. */
export function beginning(from: string, now = Date.now()): string {
  return new Date(from || now).toISOString();
}

/** A moment some days ahead as a date field wants it, in the person's own time. */
export function daysAhead(days: number, now: number): string {
  const at = new Date(now + days * 86_400_000);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
