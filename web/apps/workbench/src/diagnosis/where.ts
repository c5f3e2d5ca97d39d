import type { Diagnosis } from "../api/types";

type Problem = Diagnosis["problems"][number];

/** The page, with its filter, that solves a problem; below the shop. */
export function whereToSolve(problem: Pick<Problem, "code" | "detail">): string {
  switch (problem.code) {
    case "goods_stars":
    case "service_stars":
      return "reviews?show=low";
    case "logistics_stars":
      return "reviews?aspect=logistics&feeling=negative";
    case "bad_aspect":
      return `reviews?aspect=${encodeURIComponent(problem.detail)}&feeling=negative`;
    case "quality_return_rate":
    case "merchant_fault_rate":
    case "refund_reason":
      return "aftersale";
    case "on_time_rate":
      return "orders?tab=to_ship";
    case "fast_reply_rate":
      return "messages";
    case "rejected":
    case "sold_out":
    case "low_stock":
      return `products?state=${problem.code}`;
    default:
      return "products?state=on_sale";
  }
}

const WAITING: Record<string, string> = {
  late_now: "orders?tab=late_to_ship",
  review_case_waiting: "reviews?show=reported",
  reviews_unanswered: "reviews?show=unanswered",
};

export function whereItWaits(code: string): string {
  return WAITING[code] ?? "today";
}

/** Where a row behind a figure is looked at. */
export function whereRow(row: { kind: "order" | "case" | "review" | "chat"; reference: string }): string {
  const reference = encodeURIComponent(row.reference);
  return { order: `orders?order=${reference}`, case: `aftersale?case=${reference}`, review: `reviews?q=${reference}`, chat: `messages?chat=${reference}` }[row.kind];
}

/** An indicator's value in words: stars with two decimals, shares in percent. */
export function valueWords(name: string, value: number): string {
  return name.endsWith("_stars") ? value.toFixed(2) : `${Math.round(value * 1000) / 10}%`;
}
