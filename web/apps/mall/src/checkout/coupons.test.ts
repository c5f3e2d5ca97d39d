import type { Quote } from "@xingqu/client";
import { expect, it } from "vitest";
import { sumsByKind, withCoupon } from "./coupons";

const option = (claimed_id: number, used: boolean) => ({ claimed_id, used });
const cny = (amount_minor: number) => ({ amount_minor, currency: "CNY" });
const quote = {
  shops: [
    { shop: { id: 1 }, coupons: [option(11, true), option(12, false)], discounts: [{ kind: "shop_coupon", amount: cny(300) }, { kind: "full_reduction", amount: cny(50) }] },
    { shop: { id: 2 }, coupons: [option(21, true)], discounts: [{ kind: "shop_coupon", amount: cny(200) }] },
  ],
  coupons: [option(31, true)],
  discounts: [{ kind: "platform_coupon", amount: cny(100) }],
} as unknown as Quote;

it("replaces one group's coupon and keeps the others'", () => {
  expect(withCoupon(quote, 1, 12)).toEqual([12, 21, 31]);
  expect(withCoupon(quote, 2, null)).toEqual([11, 31]);
  expect(withCoupon(quote, null, null)).toEqual([11, 21]);
});

it("sums by kind in the order in which they apply", () => {
  expect(sumsByKind(quote)).toEqual([
    { kind: "full_reduction", amount: cny(50) },
    { kind: "shop_coupon", amount: cny(500) },
    { kind: "platform_coupon", amount: cny(100) },
  ]);
});
