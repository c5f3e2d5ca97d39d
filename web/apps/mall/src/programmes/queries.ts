import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@xingqu/client";

const KEY = "programmes";
const FRESH_MS = 15_000;

export type CouponTab = "usable" | "used" | "expired";

/** What lowers the price of a product: flash prices, the shop's full-reductions, coupons to claim. */
export function useProductProgrammes(productId: number) {
  return useQuery({
    queryKey: [KEY, "product", productId],
    queryFn: () => unwrap(api.GET("/api/v1/products/{product_id}/programmes", { params: { path: { product_id: productId } } })),
    staleTime: FRESH_MS,
  });
}

/** Products in running flash sales. */
export function useFlashShelf() {
  return useQuery({ queryKey: [KEY, "shelf"], queryFn: () => unwrap(api.GET("/api/v1/flash-shelf")), staleTime: FRESH_MS });
}

/** Flash prices of the products on a list, by product: one call for all of them. */
export function useFlashPrices(productIds: number[]) {
  const ids = [...new Set(productIds)].slice(0, 100).sort((a, b) => a - b);
  return useQuery({
    queryKey: [KEY, "flash", ids],
    queryFn: () => unwrap(api.GET("/api/v1/flash-prices", { params: { query: { product_id: ids } } })),
    enabled: ids.length > 0,
    staleTime: 60_000,
    // the lowest of a product comes first
    select: (prices) => new Map([...prices].reverse().map((price) => [price.product_id, price])),
  });
}

export function useClaim() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (couponId: number) => unwrap(api.POST("/api/v1/coupons/{coupon_id}/claim", { params: { path: { coupon_id: couponId } } })),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: [KEY] });
      void client.invalidateQueries({ queryKey: ["quote"] });
    },
  });
}

/** The platform's coupons that can be claimed. */
export function usePlatformCoupons() {
  return useQuery({ queryKey: [KEY, "on-offer"], queryFn: () => unwrap(api.GET("/api/v1/coupons/on-offer")), staleTime: FRESH_MS });
}

export function useMyCoupons(tab: CouponTab) {
  return useInfiniteQuery({
    queryKey: [KEY, "mine", tab],
    queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/me/coupons", { params: { query: { tab, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 0,
  });
}

export function useMyCouponCounts(enabled: boolean) {
  return useQuery({ queryKey: [KEY, "counts"], queryFn: () => unwrap(api.GET("/api/v1/me/coupons/counts")), enabled, staleTime: 0 });
}
