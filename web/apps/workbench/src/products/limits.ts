import type { ProductEdit } from "../api/types";

/** Limits as typed; the product's own row comes first and has the id 0. */
export interface LimitForm {
  sku_id: number;
  per_order: number | null;
  per_person: number | null;
  days: number | null;
}

type LimitSource = Pick<ProductEdit, "limit" | "skus">;

export function limitsOf(product: LimitSource): LimitForm[] {
  const row = (sku_id: number, limit: ProductEdit["limit"]): LimitForm => ({
    sku_id,
    per_order: limit?.per_order ?? null,
    per_person: limit?.per_person ?? null,
    days: limit?.days ?? null,
  });
  return [row(0, product.limit), ...product.skus.map((sku) => row(sku.id, sku.limit))];
}

/** What the server would refuse, by SKU id. */
export function checkLimits(rows: readonly LimitForm[]): Map<number, "days_alone" | "order_above_person"> {
  const problems = new Map<number, "days_alone" | "order_above_person">();
  for (const row of rows) {
    if (row.days !== null && row.per_person === null) problems.set(row.sku_id, "days_alone");
    else if (row.per_order !== null && row.per_person !== null && row.per_order > row.per_person) problems.set(row.sku_id, "order_above_person");
  }
  return problems;
}

export function limitsBody(rows: readonly LimitForm[], version: number) {
  const terms = ({ per_order, per_person, days }: LimitForm) => ({ per_order, per_person, days });
  const [whole, ...skus] = rows;
  return {
    version,
    limit: whole ? terms(whole) : {},
    skus: skus.filter((row) => row.per_order !== null || row.per_person !== null).map((row) => ({ sku_id: row.sku_id, ...terms(row) })),
  };
}
