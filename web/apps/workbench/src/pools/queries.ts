import { useQuery } from "@tanstack/react-query";
import { get } from "../api/http";
import type { ItemReach, Pool, PoolDetail } from "../api/types";

/** The counts move every few seconds while people swipe. */
const FRESH_MS = 10_000;

export function usePool(shopId: number, contentId: number) {
  return useQuery({
    queryKey: ["pool", shopId, contentId],
    queryFn: ({ signal }) => get<PoolDetail>(`/shops/${shopId}/contents/${contentId}/pool`, undefined, signal),
    staleTime: FRESH_MS,
  });
}

/** Pools of the contents on a page, by id; a content that never was in one is absent. */
export function usePools(shopId: number, contentIds: number[]) {
  const ids = contentIds.slice(0, 200).join(",");
  return useQuery({
    queryKey: ["pools", shopId, ids],
    queryFn: async ({ signal }) => {
      const { items } = await get<{ items: Pool[] }>(`/shops/${shopId}/pools`, { content_ids: ids }, signal);
      return new Map(items.map((pool) => [pool.content_id, pool]));
    },
    enabled: ids !== "",
    staleTime: FRESH_MS,
  });
}

export function useReach(contentId: number | null) {
  return useQuery({
    queryKey: ["reach", contentId],
    queryFn: ({ signal }) => get<ItemReach>(`/operator/contents/${contentId}/reach`, undefined, signal),
    enabled: contentId !== null,
    retry: false,
  });
}
