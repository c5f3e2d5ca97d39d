import type { Reason } from "./queries";

/** 0.62 as "62%". */
export function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** A lift as it is shown: 1.8 is "×1.8"; nothing where it says nothing. */
export function liftText(lift: number | null): string {
  return lift === null ? "" : `×${lift.toFixed(1)}`;
}

/** The key and the figures of a reason's words. */
export function reasonWords(reason: Reason, name: (tag: { name: string; name_en: string }) => string): [string, Record<string, string | number>] {
  if (reason.code === "audience_likes") {
    const tag = name({ name: reason.tag ?? "", name_en: reason.tag_en ?? "" });
    return ["matching.reason.audience_likes", { tag, share: percent(reason.share ?? 0), usual: percent(reason.share_of_everybody ?? 0) }];
  }
  return [`matching.reason.${reason.code}`, { value: reason.value ?? 0 }];
}

export interface RuleDraft {
  categoryId: number | null;
  commission: string;
  from: string;
  to: string;
  sold: string;
}

export const NO_RULE: RuleDraft = { categoryId: null, commission: "", from: "", to: "", sold: "" };

/** The key in a pool's link, or a bare one; null for anything else. */
export function poolKeyIn(text: string): string | null {
  return /^(?:\S*\/pools\/)?([\w-]{16,32})\/?$/.exec(text.trim())?.[1] ?? null;
}

/** What is typed for a rule that is kept. */
export function draftOf(rule: Record<string, unknown>): RuleDraft {
  const hundredth = (value: unknown) => (typeof value === "number" ? String(value / 100) : "");
  return {
    categoryId: typeof rule["category_id"] === "number" ? rule["category_id"] : null,
    commission: hundredth(rule["min_commission_bp"]),
    from: hundredth(rule["min_price_minor"]),
    to: hundredth(rule["max_price_minor"]),
    sold: typeof rule["min_sold"] === "number" ? String(rule["min_sold"]) : "",
  };
}

function minorOf(typed: string): number | null | undefined {
  const text = typed.trim();
  if (text === "") return null;
  return /^\d{1,9}(\.\d{1,2})?$/.test(text) ? Math.round(Number(text) * 100) : undefined;
}

/** The rule as the server reads it, null while something typed is no number or the prices cross. */
export function ruleOf(draft: RuleDraft): Record<string, number | null> | null {
  const commission = minorOf(draft.commission); // percent with two decimals: basis points
  const from = minorOf(draft.from);
  const to = minorOf(draft.to);
  const sold = draft.sold.trim() === "" ? null : /^\d{1,9}$/.test(draft.sold.trim()) ? Number(draft.sold) : undefined;
  if (commission === undefined || from === undefined || to === undefined || sold === undefined) return null;
  if ((commission ?? 0) > 10_000 || (from !== null && to !== null && from > to)) return null;
  return { category_id: draft.categoryId, min_commission_bp: commission, min_price_minor: from, max_price_minor: to, min_sold: sold };
}

/** An interval of a difference in percentage points: what can be said of it. */
export function verdict(low: number | null, high: number | null): "unknown" | "more" | "less" | "open" {
  if (low === null || high === null) return "unknown";
  return low > 0 ? "more" : high < 0 ? "less" : "open";
}
