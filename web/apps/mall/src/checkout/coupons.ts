import type { MoneyValue, Quote } from "@xingqu/client";

/** The coupons of a quote with another one (or none) in a shop's place, or (null) in the platform's. */
export function withCoupon(quote: Quote, shopId: number | null, claimedId: number | null): number[] {
  const groups = [...quote.shops.map((shop) => ({ id: shop.shop.id as number | null, options: shop.coupons })), { id: null, options: quote.coupons }];
  return groups.flatMap((group) => (group.id === shopId ? (claimedId === null ? [] : [claimedId]) : group.options.filter((option) => option.used).map((option) => option.claimed_id)));
}

/** What each kind of discount takes off the whole quote, in the order in which they apply. */
export function sumsByKind(quote: Quote): { kind: string; amount: MoneyValue }[] {
  const sums = new Map<string, MoneyValue>();
  for (const kind of ["bundle", "full_reduction", "shop_coupon", "platform_coupon"]) {
    for (const discount of [...quote.shops.flatMap((shop) => shop.discounts), ...quote.discounts].filter((one) => one.kind === kind)) {
      sums.set(kind, { ...discount.amount, amount_minor: (sums.get(kind)?.amount_minor ?? 0) + discount.amount.amount_minor });
    }
  }
  return [...sums].map(([kind, amount]) => ({ kind, amount }));
}
