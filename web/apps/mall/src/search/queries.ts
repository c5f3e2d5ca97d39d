import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, unwrap } from "@xingqu/client";

export const SORTS = ["relevance", "sales", "price_asc", "price_desc", "new"] as const;
export type Sort = (typeof SORTS)[number];
export type Kind = "products" | "contents";

export interface SearchInput {
  q: string;
  kind: Kind;
  sort: Sort;
  category_id?: number;
  min_price_minor?: number;
  max_price_minor?: number;
}

export function useSearch(input: SearchInput) {
  return useInfiniteQuery({
    queryKey: ["search", input],
    queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/search", { params: { query: { ...input, limit: 20, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    enabled: input.q !== "",
    placeholderData: keepPreviousData,
  });
}

export function useSuggestions(q: string) {
  return useQuery({
    queryKey: ["suggest", q],
    queryFn: () => unwrap(api.GET("/api/v1/search/suggest", { params: { query: { q } } })),
    enabled: q !== "",
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

export function useHotSearches() {
  return useQuery({ queryKey: ["search-hot"], queryFn: () => unwrap(api.GET("/api/v1/search/hot")), staleTime: 300_000 });
}
