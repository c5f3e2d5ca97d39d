/** Options × SKU matrix of the product editor. Pure: arrays in, arrays out. */

export interface OptionDraft {
  /** Stable key inside the editor; server ids may not exist yet. */
  key: string;
  name: string;
  values: OptionValueDraft[];
}

export interface OptionValueDraft {
  key: string;
  name: string;
}

/** One row of the matrix as typed: texts, because half-typed numbers must survive. */
export interface SkuDraft {
  id: number | null;
  /** Keys of the chosen values, one per option, in option order. */
  value_keys: string[];
  price: string;
  list_price: string;
  stock: string;
  code: string;
}

export const OPTIONS_LIMIT = 5;
export const SKUS_LIMIT = 200;

export function matrixSize(options: readonly OptionDraft[]): number {
  return options.reduce((size, option) => size * option.values.length, 1);
}

/** All value-key combinations in reading order; one empty combination without options. */
export function combinations(options: readonly OptionDraft[]): string[][] {
  return options.reduce<string[][]>(
    (rows, option) => rows.flatMap((row) => option.values.map((value) => [...row, value.key])),
    [[]],
  );
}

function overlap(left: readonly string[], right: readonly string[]): number {
  const known = new Set(left);
  return right.filter((key) => known.has(key)).length;
}

/**
 * Fits the rows to changed options. A row keeps its id, price and stock when its combination
 * still stands; a new combination copies price and list price (never stock or id) from the
 * nearest former row, so that adding a colour does not mean typing every price again.
 */
export function fitMatrix(options: readonly OptionDraft[], former: readonly SkuDraft[]): SkuDraft[] {
  const byCombination = new Map(former.map((row) => [row.value_keys.join("\u0000"), row]));
  return combinations(options).map((value_keys) => {
    const kept = byCombination.get(value_keys.join("\u0000"));
    if (kept) return kept;
    const [nearest] = [...former].sort(
      (left, right) => overlap(right.value_keys, value_keys) - overlap(left.value_keys, value_keys),
    );
    return {
      id: null,
      value_keys,
      price: nearest?.price ?? "",
      list_price: nearest?.list_price ?? "",
      stock: "",
      code: "",
    };
  });
}

export type MatrixProblem =
  | { code: "option_name_missing"; option: number }
  | { code: "option_name_repeated"; option: number }
  | { code: "option_values_missing"; option: number }
  | { code: "value_name_missing"; option: number; value: number }
  | { code: "value_name_repeated"; option: number; value: number }
  | { code: "too_many_skus"; count: number };

/** What stands against saving the options, in reading order. */
export function checkOptions(options: readonly OptionDraft[]): MatrixProblem[] {
  const problems: MatrixProblem[] = [];
  const names = new Set<string>();
  options.forEach((option, position) => {
    const name = option.name.trim();
    if (name === "") problems.push({ code: "option_name_missing", option: position });
    else if (names.has(name)) problems.push({ code: "option_name_repeated", option: position });
    names.add(name);
    if (option.values.length === 0) problems.push({ code: "option_values_missing", option: position });
    const valueNames = new Set<string>();
    option.values.forEach((value, index) => {
      const valueName = value.name.trim();
      if (valueName === "") problems.push({ code: "value_name_missing", option: position, value: index });
      else if (valueNames.has(valueName)) problems.push({ code: "value_name_repeated", option: position, value: index });
      valueNames.add(valueName);
    });
  });
  const count = matrixSize(options);
  if (count > SKUS_LIMIT) problems.push({ code: "too_many_skus", count });
  return problems;
}

/** The words of a row: "Red / Large". */
export function rowLabel(options: readonly OptionDraft[], row: SkuDraft): string {
  return row.value_keys
    .map((key, position) => options[position]?.values.find((value) => value.key === key)?.name ?? "")
    .join(" / ");
}

export type StockParse = { ok: true; stock: number } | { ok: false; problem: "empty" | "not_a_count" | "too_large" };

export const STOCK_LIMIT = 9_999_999;

/** A stock count as typed: whole, not negative. */
export function parseStock(typed: string): StockParse {
  const text = typed.replace(/[\s,]/g, "");
  if (text === "") return { ok: false, problem: "empty" };
  if (!/^\d+$/.test(text)) return { ok: false, problem: "not_a_count" };
  if (text.replace(/^0+/, "").length > 7 || Number(text) > STOCK_LIMIT) return { ok: false, problem: "too_large" };
  return { ok: true, stock: Number(text) };
}
