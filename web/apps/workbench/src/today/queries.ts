import { useQuery } from "@tanstack/react-query";
import { get } from "../api/http";
import type { Page, Today } from "../api/types";

export function useToday(shopId: number) {
  return useQuery({
    queryKey: ["today", shopId],
    queryFn: ({ signal }) => get<Today>(`/shops/${shopId}/today`, undefined, signal),
    refetchInterval: 60_000,
  });
}

/** How many works stand in each state; a state without any is absent. */
export function useWorkCounts(shopId: number) {
  return useQuery({
    queryKey: ["today", shopId, "work-counts"],
    queryFn: ({ signal }) => get<Record<string, number>>(`/shops/${shopId}/contents/counts`, undefined, signal),
  });
}

/** How many rows a filtered list has, counted up to one page of 50. */
export function useRowCount(shopId: number, list: "products", state?: string) {
  return useQuery({
    queryKey: ["today", shopId, "rows", list, state ?? "all"],
    queryFn: async ({ signal }) => {
      const page = await get<Page<unknown>>(`/shops/${shopId}/${list}`, { state, limit: 50 }, signal);
      return page.items.length;
    },
  });
}
