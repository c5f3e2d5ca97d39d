import { describe, expect, it } from "vitest";
import { findSku, firstPick, isAvailable, missingOption, pickedText } from "./options";

const price = { amount_minor: 100, currency: "CNY" };
const state = { code: "on_sale", can_buy: true };
const sku = (id: number, option_value_ids: number[], available: number) => ({ id, option_value_ids, available, price, list_price: null, sale_state: state });
const value = (id: number, name: string) => ({ id, name, picture_url: null });
const product = {
  options: [
    { id: 1, name: "颜色", values: [value(11, "蓝"), value(12, "白")] },
    { id: 2, name: "尺寸", values: [value(21, "1.5m"), value(22, "1.8m")] },
  ],
  skus: [sku(101, [11, 21], 3), sku(102, [11, 22], 0), sku(103, [12, 22], 5)],
} as never;

describe("picking options", () => {
  it("names a SKU only when all options are picked", () => {
    expect(findSku(product, { 1: 11 })).toBeNull();
    expect(findSku(product, { 1: 11, 2: 21 })?.id).toBe(101);
    expect(findSku(product, { 1: 12, 2: 21 })).toBeNull();
  });

  it("greys out what can't be had with the other pick", () => {
    expect(isAvailable(product, { 1: 11 }, 2, 21)).toBe(true);
    expect(isAvailable(product, { 1: 11 }, 2, 22)).toBe(false);
    expect(isAvailable(product, { 1: 12 }, 2, 21)).toBe(false);
    expect(isAvailable(product, {}, 2, 22)).toBe(true);
  });

  it("says what is picked and what is missing", () => {
    expect(pickedText(product, { 1: 11, 2: 21 })).toBe("蓝 · 1.5m");
    expect(missingOption(product, { 1: 11 })).toBe("尺寸");
    expect(missingOption(product, { 1: 11, 2: 21 })).toBeNull();
  });

  it("picks what needs no asking", () => {
    const single = { options: [{ id: 1, name: "规格", values: [value(11, "标准")] }], skus: [sku(101, [11], 3)] } as never;
    expect(firstPick(single)).toEqual({ 1: 11 });
    expect(firstPick(product)).toEqual({});
  });
});
