import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, unwrap } from "@xingqu/client";
import type { ReviewQuery } from "./review-kinds";

const where = (productId: number) => ({ params: { path: { product_id: productId } } });

export function useProduct(productId: number) {
  return useQuery({ queryKey: ["product", productId], queryFn: () => unwrap(api.GET("/api/v1/products/{product_id}", where(productId))) });
}

/** Clips about a product and products like it. */
export function useRelated(productId: number) {
  return useQuery({
    queryKey: ["product", productId, "related"],
    queryFn: () => unwrap(api.GET("/api/v1/products/{product_id}/related", where(productId))),
    staleTime: 300_000,
  });
}

export function useReviews(productId: number, query: ReviewQuery) {
  const narrowed = { show: query.show, sort: query.sort, ...(query.aspect ? { aspect: query.aspect } : {}) };
  return useInfiniteQuery({
    queryKey: ["product", productId, "reviews", narrowed],
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/v1/products/{product_id}/reviews", {
          params: { path: { product_id: productId }, query: { limit: 10, ...narrowed, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}
