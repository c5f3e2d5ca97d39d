import type { ProductDetail, Sku } from "@xingqu/client";

/** Which value is picked of each option, by option id. */
export type Picked = Record<number, number>;

type Choosable = Pick<ProductDetail, "options" | "skus">;

/** The SKU that the picked values name, once every option has one. */
export function findSku(product: Choosable, picked: Picked): Sku | null {
  const wanted = product.options.map((option) => picked[option.id]);
  if (wanted.includes(undefined)) return null;
  return product.skus.find((sku) => wanted.every((value) => sku.option_value_ids.includes(value!))) ?? null;
}

/** Whether a value can still be had, given what is picked of the other options. */
export function isAvailable(product: Choosable, picked: Picked, optionId: number, valueId: number): boolean {
  return product.skus.some(
    (sku) =>
      sku.available > 0 &&
      sku.option_value_ids.includes(valueId) &&
      product.options.every((option) => option.id === optionId || picked[option.id] === undefined || sku.option_value_ids.includes(picked[option.id]!)),
  );
}

/** Options with a single value need no asking; otherwise the only SKU in stock is picked, if there is but one. */
export function firstPick(product: Choosable): Picked {
  const inStock = product.skus.filter((sku) => sku.available > 0);
  const only = inStock.length === 1 ? inStock[0]! : null;
  const picked: Picked = {};
  for (const option of product.options) {
    if (option.values.length === 1) picked[option.id] = option.values[0]!.id;
    else if (only) {
      const value = option.values.find((candidate) => only.option_value_ids.includes(candidate.id));
      if (value) picked[option.id] = value.id;
    }
  }
  return picked;
}

/** The picked values in words, "蓝色 · 1.8 m". */
export function pickedText(product: Pick<ProductDetail, "options">, picked: Picked): string {
  return product.options
    .map((option) => option.values.find((value) => value.id === picked[option.id])?.name)
    .filter(Boolean)
    .join(" · ");
}

/** The first option that still has to be picked. */
export function missingOption(product: Pick<ProductDetail, "options">, picked: Picked): string | null {
  return product.options.find((option) => picked[option.id] === undefined)?.name ?? null;
}
