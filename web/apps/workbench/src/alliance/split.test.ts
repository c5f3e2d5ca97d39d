import { expect, test } from "vitest";
import { splitSale } from "./split";

test("the parts of a sale sum to its price", () => {
  expect(splitSale(10_000, { commissionBp: 2_000, serviceBp: 500, platformBp: 1_000, techBp: 500 })).toEqual({ creator: 1_800, colonel: 450, platform: 750, shop: 7_000 });
  for (let price = 1; price < 3_000; price += 37) {
    const parts = splitSale(price, { commissionBp: 3_333, serviceBp: 777, platformBp: 1_111, techBp: 600 });
    expect(parts.creator + parts.colonel + parts.platform + parts.shop).toBe(price);
  }
});
