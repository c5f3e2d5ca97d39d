import { useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post } from "../api/http";
import type { BatchShipResult, Carrier, Order, OrderCounts, OrderDetail, Page } from "../api/types";
import type { FetchPage } from "../table/use-pages";
import type { ShipRow } from "./ship-rows";

export interface OrderFilters {
  state?: string | undefined;
  q?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  min_minor?: number | undefined;
  max_minor?: number | undefined;
  has_note?: boolean | undefined;
  flag?: string | undefined;
  source?: string | undefined;
  product_id?: number | undefined;
  creator_id?: number | undefined;
  content_id?: number | undefined;
  campaign?: string | undefined;
  like?: string | undefined;
}

export function useOrderCounts(shopId: number, enabled = true) {
  return useQuery({
    queryKey: ["order-counts", shopId],
    queryFn: ({ signal }) => get<OrderCounts>(`/shops/${shopId}/orders/counts`, undefined, signal),
    refetchInterval: 60_000,
    enabled,
  });
}

/** Pages of orders. A search looks at some thousand orders a request, so that one without a find goes on to the next. */
export function ordersFetcher(shopId: number, filters: OrderFilters): FetchPage<Order> {
  return async (cursor, signal) => {
    let position = cursor;
    for (;;) {
      const page = await get<Page<Order>>(`/shops/${shopId}/orders`, { ...filters, cursor: position, limit: 50 }, signal);
      if (page.items.length > 0 || !page.next_cursor) return page;
      position = page.next_cursor;
    }
  };
}

export function useOrder(shopId: number, orderNo: string | undefined) {
  return useQuery({
    queryKey: ["order", shopId, orderNo],
    queryFn: ({ signal }) => get<OrderDetail>(`/shops/${shopId}/orders/${orderNo}`, undefined, signal),
    enabled: Boolean(orderNo),
  });
}

export function useCarriers() {
  return useQuery({
    queryKey: ["carriers"],
    queryFn: ({ signal }) => get<Carrier[]>("/carriers", undefined, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Shipping one order or many; lists, counts and to-dos are read again afterwards. */
export function useShipping(shopId: number) {
  const client = useQueryClient();
  const refresh = () =>
    Promise.all(
      ["orders", "order", "order-counts", "today"].map((key) => client.invalidateQueries({ queryKey: [key, shopId] })),
    );
  return {
    refresh,
    shipOne: async (orderNo: string, parcel: { carrier_code: string; tracking_no: string; lines: { sku_id: number; quantity: number }[] | null }) => {
      const order = await post<Order>(`/shops/${shopId}/orders/${orderNo}/ship`, parcel);
      await refresh();
      return order;
    },
    shipBatch: async (rows: ShipRow[]) => {
      const results = await post<BatchShipResult>(
        `/shops/${shopId}/orders/ship-batch`,
        rows.map(({ order_no, carrier_code, tracking_no }) => ({ order_no, carrier_code, tracking_no })),
      );
      await refresh();
      return results;
    },
  };
}
