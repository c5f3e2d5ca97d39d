import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { get } from "../api/http";
import type { OpenApp, OpenCatalogue, Page, WebhookDelivery } from "../api/types";

export function useOpenApps(shopId: number) {
  return useQuery({ queryKey: ["open-apps", shopId], queryFn: ({ signal }) => get<OpenApp[]>(`/shops/${shopId}/open-apps`, undefined, signal) });
}

/** Scopes and topics as the server knows them. */
export function useOpenCatalogue() {
  return useQuery({ queryKey: ["open-catalogue"], staleTime: Infinity, queryFn: ({ signal }) => get<OpenCatalogue>("/open/catalogue", undefined, signal) });
}

export function useDeliveries(shopId: number, state: string) {
  return useInfiniteQuery({
    queryKey: ["webhook-deliveries", shopId, state],
    initialPageParam: "",
    refetchInterval: 5_000,
    queryFn: ({ signal, pageParam }) => get<Page<WebhookDelivery>>(`/shops/${shopId}/webhook-deliveries`, { state, cursor: pageParam }, signal),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function useRefresh(shopId: number) {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ["open-apps", shopId] });
}

/** "order.read" -> "order_read": dots divide keys of texts. */
export const textKey = (name: string) => name.replace(".", "_");

/** Why an address can't be one, or null. The server decides what it leads to. */
export function addressProblem(address: string): "url_wrong" | null {
  try {
    const url = new URL(address.trim());
    return (url.protocol === "https:" || url.protocol === "http:") && url.hostname && !url.username ? null : "url_wrong";
  } catch {
    return "url_wrong";
  }
}
