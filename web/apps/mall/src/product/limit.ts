import type { CartLine, ProductDetail, QuoteProblem, Sku } from "@xingqu/client";

type Translate = (key: string, options?: Record<string, unknown>) => string;
export type Limit = NonNullable<Sku["limit"]>;

/** The limits that bind a SKU: the product's and its own. */
export function limitsOf(product: ProductDetail, sku: Sku | null): Limit[] {
  return [product.limit, sku?.limit].filter((limit): limit is Limit => limit != null);
}

/** The most units that one order may have. */
export function mostPerOrder(limits: readonly Limit[]): number {
  return Math.min(...limits.flatMap((limit) => [limit.per_order, limit.per_person]).filter((units) => units !== null), Number.MAX_SAFE_INTEGER);
}

/** A limit in words: "5 per person in 30 days · 2 per order". */
export function limitText(t: Translate, limit: Limit): string {
  const parts = [];
  if (limit.per_person !== null) {
    parts.push(limit.days === null ? t("limit.per_person", { count: limit.per_person }) : t("limit.per_person_days", { count: limit.per_person, days: limit.days }));
  }
  if (limit.per_order !== null && limit.per_order !== limit.per_person) parts.push(t("limit.per_order", { count: limit.per_order }));
  return parts.join(" · ");
}

/** What stands against a line of the cart, null when nothing does. */
export function cartLimitText(t: Translate, line: Pick<CartLine, "limit" | "quantity">): string | null {
  if (!line.limit) return null;
  if (line.limit.sign_in) return t("limit.sign_in");
  if (line.limit.taken > 0) return t("limit.left", { taken: line.limit.taken, count: line.limit.most });
  return line.quantity > line.limit.most ? t("limit.left_now", { count: line.limit.most }) : null;
}

/** A quote's problem of the kind purchase_limit in words. */
export function excessText(t: Translate, problem: Pick<QuoteProblem, "data">): string {
  const { reason, limit, most, taken } = problem.data as { reason: string; limit: number; most: number; taken: number };
  if (reason === "sign_in") return t("limit.sign_in");
  if (reason === "per_order") return t("limit.per_order", { count: limit });
  return taken > 0 ? t("limit.left", { taken, count: most }) : t("limit.left_now", { count: most });
}
