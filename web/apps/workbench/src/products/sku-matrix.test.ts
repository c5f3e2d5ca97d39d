import { describe, expect, it } from "vitest";
import { type OptionDraft, type SkuDraft, checkOptions, combinations, fitMatrix, matrixSize, parseStock, rowLabel } from "./sku-matrix";

const colour: OptionDraft = { key: "c", name: "Colour", values: [{ key: "red", name: "Red" }, { key: "blue", name: "Blue" }] };
const size: OptionDraft = { key: "s", name: "Size", values: [{ key: "m", name: "M" }, { key: "l", name: "L" }] };

function row(value_keys: string[], over: Partial<SkuDraft> = {}): SkuDraft {
  return { id: null, value_keys, price: "", list_price: "", stock: "", code: "", ...over };
}

describe("the SKU matrix", () => {
  it("lists combinations in reading order", () => {
    expect(combinations([])).toEqual([[]]);
    expect(combinations([colour, size])).toEqual([["red", "m"], ["red", "l"], ["blue", "m"], ["blue", "l"]]);
    expect(matrixSize([colour, size])).toBe(4);
  });

  it("keeps a row whose combination still stands, untouched", () => {
    const former = [row(["red"], { id: 7, price: "9.9", stock: "3" })];
    expect(fitMatrix([colour], former)[0]).toBe(former[0]);
  });

  it("gives a new combination the nearest row's price but neither its stock nor its id", () => {
    const former = [
      row(["red", "m"], { id: 1, price: "10", list_price: "12", stock: "5", code: "A" }),
      row(["blue", "m"], { id: 2, price: "20", stock: "6" }),
    ];
    const bigger = { ...size, values: [...size.values] };
    const rows = fitMatrix([colour, bigger], former);
    expect(rows.map((each) => [each.id, each.price, each.stock])).toEqual([
      [1, "10", "5"],
      [null, "10", ""],
      [2, "20", "6"],
      [null, "20", ""],
    ]);
    expect(rows[1]!.list_price).toBe("12");
    expect(rows[1]!.code).toBe("");
  });

  it("drops rows of a removed value", () => {
    const former = fitMatrix([colour, size], []);
    const rows = fitMatrix([{ ...colour, values: [colour.values[0]!] }, size], former);
    expect(rows.map((each) => each.value_keys)).toEqual([["red", "m"], ["red", "l"]]);
  });

  it("adding the first option carries the single row's price along", () => {
    const rows = fitMatrix([colour], [row([], { id: 5, price: "8", stock: "9" })]);
    expect(rows.map((each) => [each.id, each.price, each.stock])).toEqual([[null, "8", ""], [null, "8", ""]]);
  });

  it("names a row by its values", () => {
    expect(rowLabel([colour, size], row(["blue", "l"]))).toBe("Blue / L");
  });
});

describe("checkOptions", () => {
  it("accepts good options and none", () => {
    expect(checkOptions([])).toEqual([]);
    expect(checkOptions([colour, size])).toEqual([]);
  });

  it("tells what is wrong and where", () => {
    expect(
      checkOptions([
        { key: "a", name: " ", values: [{ key: "1", name: "x" }, { key: "2", name: "x " }] },
        { key: "b", name: "Size", values: [] },
        { key: "c", name: "Size", values: [{ key: "3", name: "" }] },
      ]),
    ).toEqual([
      { code: "option_name_missing", option: 0 },
      { code: "value_name_repeated", option: 0, value: 1 },
      { code: "option_values_missing", option: 1 },
      { code: "option_name_repeated", option: 2 },
      { code: "value_name_missing", option: 2, value: 0 },
    ]);
  });

  it("limits the number of SKUs", () => {
    const many = (key: string): OptionDraft => ({
      key,
      name: key,
      values: Array.from({ length: 15 }, (_, index) => ({ key: `${key}${index}`, name: String(index) })),
    });
    expect(checkOptions([many("a"), many("b")])).toEqual([{ code: "too_many_skus", count: 225 }]);
  });
});

describe("parseStock", () => {
  it("takes whole counts only", () => {
    expect(parseStock("1,200")).toEqual({ ok: true, stock: 1200 });
    expect(parseStock("0")).toEqual({ ok: true, stock: 0 });
    expect(parseStock("")).toEqual({ ok: false, problem: "empty" });
    expect(parseStock("1.5")).toEqual({ ok: false, problem: "not_a_count" });
    expect(parseStock("-1")).toEqual({ ok: false, problem: "not_a_count" });
    expect(parseStock("10000000")).toEqual({ ok: false, problem: "too_large" });
  });
});
