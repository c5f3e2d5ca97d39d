import type { TFunction } from "i18next";
import type { MerchantProduct } from "../api/types";
import { moneyToInput } from "../format/money-input";

export function productCsv(
  t: TFunction,
  products: readonly MerchantProduct[],
  categories: ReadonlyMap<number, string>,
): (string | number)[][] {
  const head = ["id", "name", "category", "state", "price", "stock", "sold", "tags", "updated_at"];
  const rows = products.map((product) => [
    product.id,
    product.name,
    product.category_id === null ? "" : (categories.get(product.category_id) ?? ""),
    t(`products.sale_state.${product.sale_state.code}`),
    product.price ? moneyToInput(product.price.amount_minor) : "",
    product.stock_total,
    product.sold_count,
    product.feature_tags.map((tag) => tag.name).join(" "),
    product.updated_at,
  ]);
  return [head.map((key) => t(`products.csv.${key}`)), ...rows];
}
