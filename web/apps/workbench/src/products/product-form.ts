import { patch, post, put } from "../api/http";
import type { ProductEdit } from "../api/types";
import { moneyToInput, parseMoney } from "../format/money-input";
import { type OptionDraft, type SkuDraft, checkOptions, fitMatrix, parseStock } from "./sku-matrix";

/** The editor's state: everything as typed. */
export interface ProductForm {
  name: string;
  short_name: string;
  brief: string;
  brand: string;
  unit: string;
  category_id: number | null;
  attributes: { name: string; value: string }[];
  stated_tags: string[];
  promises: string[];
  detail_paragraphs: string[];
  options: OptionDraft[];
  skus: SkuDraft[];
}

export const NAME_LENGTH = { min: 3, max: 60 };
export const PROMISES = [
  "no_reason_return_7d",
  "ships_24h",
  "ships_48h",
  "freight_insurance",
  "compensation_for_fakes",
  "free_shipping",
];

let keyCount = 0;

/** A key for a new option or value, unique in this page. */
export function freshKey(): string {
  keyCount += 1;
  return `new-${keyCount}`;
}

export function emptyForm(): ProductForm {
  return {
    name: "",
    short_name: "",
    brief: "",
    brand: "",
    unit: "件",
    category_id: null,
    attributes: [],
    stated_tags: [],
    promises: ["no_reason_return_7d", "ships_48h"],
    detail_paragraphs: [],
    options: [],
    skus: fitMatrix([], []),
  };
}

export function fromProduct(product: ProductEdit): ProductForm {
  const options = product.options.map((option) => ({
    key: String(option.id),
    name: option.name,
    values: option.values.map((value) => ({ key: String(value.id), name: value.name })),
  }));
  const rows = product.skus.map((sku) => ({
    id: sku.id,
    // The server lists value ids in any order; the matrix wants one per option, in option order.
    value_keys: options.map(
      (option) => option.values.find((value) => sku.option_value_ids.includes(Number(value.key)))?.key ?? "",
    ),
    price: moneyToInput(sku.price.amount_minor),
    list_price: sku.list_price ? moneyToInput(sku.list_price.amount_minor) : "",
    stock: String(sku.on_hand),
    code: sku.code,
  }));
  // Of an approved product the edits wait in its draft: they are what the merchant goes on with.
  const texts = { ...product, ...product.draft };
  const stated = product.draft.attributes?.map(([name, value]) => ({ name, value })) ?? product.attributes;
  return {
    name: texts.name,
    short_name: texts.short_name,
    brief: texts.brief,
    brand: texts.brand,
    unit: texts.unit,
    category_id: texts.category_id,
    attributes: stated.map(({ name, value }) => ({ name, value })),
    stated_tags: texts.stated_tags,
    promises: texts.promises,
    detail_paragraphs: texts.detail_paragraphs,
    options,
    skus: fitMatrix(options, rows),
  };
}

export type FormProblem =
  | "required"
  | "too_short"
  | "too_long"
  | "price_empty"
  | "price_bad"
  | "price_zero"
  | "list_price_bad"
  | "list_price_low"
  | "stock_bad"
  | "options_bad";

/** What stands against saving as a draft, by field path ("skus.0.price"). */
export function checkForm(form: ProductForm): Map<string, FormProblem> {
  const problems = new Map<string, FormProblem>();
  const name = form.name.trim();
  if (name === "") problems.set("name", "required");
  else if (name.length < NAME_LENGTH.min) problems.set("name", "too_short");
  else if (name.length > NAME_LENGTH.max) problems.set("name", "too_long");
  if (form.category_id === null) problems.set("category_id", "required");
  if (form.short_name.length > 30) problems.set("short_name", "too_long");
  if (form.brief.length > 120) problems.set("brief", "too_long");
  if (checkOptions(form.options).length > 0) problems.set("options", "options_bad");
  form.skus.forEach((row, index) => checkSku(row, index, problems));
  return problems;
}

function checkSku(row: SkuDraft, index: number, problems: Map<string, FormProblem>): void {
  const price = parseMoney(row.price);
  if (!price.ok) problems.set(`skus.${index}.price`, price.problem === "empty" ? "price_empty" : "price_bad");
  else if (price.amount_minor === 0) problems.set(`skus.${index}.price`, "price_zero");
  if (row.list_price.trim() !== "") {
    const list = parseMoney(row.list_price);
    if (!list.ok) problems.set(`skus.${index}.list_price`, "list_price_bad");
    else if (price.ok && list.amount_minor < price.amount_minor) problems.set(`skus.${index}.list_price`, "list_price_low");
  }
  if (!parseStock(row.stock === "" ? "0" : row.stock).ok) problems.set(`skus.${index}.stock`, "stock_bad");
}

/** Basics as the server takes them. */
export function toBody(form: ProductForm) {
  return {
    name: form.name.trim(),
    short_name: form.short_name.trim(),
    brief: form.brief.trim(),
    brand: form.brand.trim(),
    unit: form.unit.trim() || "件",
    category_id: form.category_id,
    attributes: form.attributes.filter((row) => row.name.trim() && row.value.trim()),
    stated_tags: form.stated_tags,
    promises: form.promises,
    detail_paragraphs: form.detail_paragraphs.map((text) => text.trim()).filter(Boolean),
  };
}

function minorOf(typed: string): number {
  const parsed = parseMoney(typed);
  if (!parsed.ok) throw new Error(`not an amount: ${typed}`);
  return parsed.amount_minor;
}

/**
 * Options and SKUs whole; a row names its values by their text. A stock that was not touched is
 * not sent: orders may have taken from it since it was read.
 */
export function toSkusBody(form: ProductForm, saved: ProductForm, version: number) {
  const stockBefore = new Map(saved.skus.map((row) => [row.id, row.stock]));
  return {
    version,
    options: form.options.map((option) => ({
      name: option.name.trim(),
      values: option.values.map((value) => value.name.trim()),
    })),
    skus: form.skus.map((row) => {
      const stock = parseStock(row.stock);
      const untouched = row.id !== null && stockBefore.get(row.id) === row.stock;
      return {
        values: row.value_keys.map(
          (key, position) => form.options[position]!.values.find((value) => value.key === key)!.name.trim(),
        ),
        price_minor: minorOf(row.price),
        list_price_minor: row.list_price.trim() ? minorOf(row.list_price) : null,
        stock: untouched ? null : stock.ok ? stock.stock : 0,
        code: row.code.trim(),
      };
    }),
  };
}

export function createProduct(shopId: number, form: ProductForm): Promise<ProductEdit> {
  return post<ProductEdit>(`/shops/${shopId}/products`, toBody(form));
}

export function saveBasics(shopId: number, product: ProductEdit, form: ProductForm): Promise<ProductEdit> {
  return patch<ProductEdit>(`/shops/${shopId}/products/${product.id}`, { ...toBody(form), version: product.version });
}

export function saveSkus(shopId: number, product: ProductEdit, form: ProductForm): Promise<ProductEdit> {
  return put<ProductEdit>(`/shops/${shopId}/products/${product.id}/skus`, toSkusBody(form, fromProduct(product), product.version));
}

/** Whether options or SKUs differ from what the server has. */
export function skusChanged(form: ProductForm, saved: ProductForm): boolean {
  return JSON.stringify([form.options, form.skus]) !== JSON.stringify([saved.options, saved.skus]);
}

export function basicsChanged(form: ProductForm, saved: ProductForm): boolean {
  return JSON.stringify(toBody(form)) !== JSON.stringify(toBody(saved));
}
