import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { apiAddress, get, post, postForm } from "../api/http";
import type { BatchShipCheck, BatchShipResult, Carrier, Order, OrderCounts, OrderDetail, Page } from "../api/types";
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
        sent(rows),
      );
      await refresh();
      return results;
    },
  };
}

const sent = (rows: readonly ShipRow[]) => rows.map(({ order_no, carrier_code, tracking_no }) => ({ order_no, carrier_code, tracking_no }));

/** What shipping these rows would come to, by order number; nothing is changed by asking. */
export function useShipCheck(shopId: number, rows: readonly ShipRow[], most: number) {
  const body = sent(rows);
  return useQuery({
    queryKey: ["ship-check", shopId, body],
    queryFn: async () => {
      const answer = await post<BatchShipCheck>(`/shops/${shopId}/orders/ship-batch/check`, body);
      return new Map(answer.items.map((one) => [one.order_no, one]));
    },
    enabled: body.length > 0 && body.length <= most,
    staleTime: 0,
    placeholderData: keepPreviousData,
  });
}

/** The rows of an XLSX or CSV file, as text. */
export function readShipFile(shopId: number, file: File) {
  const form = new FormData();
  form.set("file", file);
  return postForm<{ text: string; rows: number }>(`/shops/${shopId}/orders/ship-batch/read`, form);
}

export const shipSheetAddress = (shopId: number) => apiAddress(`/shops/${shopId}/orders/ship-batch/sheet.xlsx`);
