import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, houseFetch, type ReviewPicture, toApiError, unwrap } from "@xingqu/client";

export const TABS = ["all", "unpaid", "to_ship", "shipped", "to_review", "done", "cancelled"] as const;
export type OrderTab = (typeof TABS)[number];

const where = (orderNo: string) => ({ params: { path: { order_no: orderNo } } });

export function useOrders(tab: OrderTab) {
  return useInfiniteQuery({
    queryKey: ["orders", "list", tab],
    queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/orders", { params: { query: { tab, limit: 10, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function useOrderCounts(enabled = true) {
  return useQuery({ queryKey: ["orders", "counts"], queryFn: () => unwrap(api.GET("/api/v1/orders/counts")), enabled });
}

/** Unpaid checkouts that one payment can pay together. */
export function usePayable(enabled: boolean) {
  return useQuery({ queryKey: ["orders", "payable"], queryFn: () => unwrap(api.GET("/api/v1/orders/payable")), enabled });
}

export function useOrder(orderNo: string) {
  return useQuery({ queryKey: ["orders", "one", orderNo], queryFn: () => unwrap(api.GET("/api/v1/orders/{order_no}", where(orderNo))) });
}

export function useTracking(orderNo: string, enabled: boolean) {
  return useQuery({ queryKey: ["orders", "tracking", orderNo], queryFn: () => unwrap(api.GET("/api/v1/orders/{order_no}/tracking", where(orderNo))), enabled });
}

export type Tracking = NonNullable<ReturnType<typeof useTracking>["data"]>;

/** What a buyer can do about the way of an order: another address, more time, a package turned back. */
export function useWayAction(orderNo: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (asked: { do: "address"; addressId: number } | { do: "extend" } | { do: "intercept"; packageId: number }) => {
      if (asked.do === "address") await unwrap(api.POST("/api/v1/orders/{order_no}/address", { ...where(orderNo), body: { address_id: asked.addressId } }));
      else if (asked.do === "extend") await unwrap(api.POST("/api/v1/orders/{order_no}/extend-receipt", where(orderNo)));
      else await unwrap(api.POST("/api/v1/orders/{order_no}/packages/{package_id}/intercept", { params: { path: { order_no: orderNo, package_id: asked.packageId } } }));
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["orders"] }),
  });
}

export type OrderAction = "cancel" | "confirm_receipt";

/** What a buyer can do to an order; every list and count is read again afterwards. */
export function useOrderAction() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ orderNo, action, reason }: { orderNo: string; action: OrderAction; reason?: string }) => {
      if (action === "cancel") await unwrap(api.POST("/api/v1/orders/{order_no}/cancel", { ...where(orderNo), body: reason ? { reason } : {} }));
      else await unwrap(api.POST("/api/v1/orders/{order_no}/confirm-receipt", where(orderNo)));
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["orders"] }),
  });
}

export interface ReviewLine {
  sku_id: number;
  goods_score: number;
  service_score: number;
  logistics_score: number;
  text: string;
  picture_ids: number[];
}

/** Uploads one picture for a review of this order; `signal` breaks it off. */
export async function uploadReviewPicture(orderNo: string, file: File, signal: AbortSignal): Promise<ReviewPicture> {
  const body = new FormData();
  body.append("file", file);
  const address = new URL(`/api/v1/orders/${encodeURIComponent(orderNo)}/review-pictures`, globalThis.location.href);
  const response = await houseFetch(address.href, { method: "POST", body, signal });
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw toApiError(response.status, answer);
  return answer as ReviewPicture;
}

export function useSubmitReview(orderNo: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ lines, anonymous }: { lines: ReviewLine[]; anonymous: boolean }) => {
      await unwrap(api.POST("/api/v1/orders/{order_no}/reviews", { ...where(orderNo), body: { lines, anonymous } }));
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["orders"] });
      void client.invalidateQueries({ queryKey: ["product"] });
    },
  });
}
