import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, type Category, unwrap } from "@xingqu/client";

export const SHELF_SORTS = ["sales", "new", "price_asc", "price_desc"] as const;
export type ShelfSort = (typeof SHELF_SORTS)[number];

export function useCategories() {
  return useQuery({ queryKey: ["categories"], queryFn: () => unwrap(api.GET("/api/v1/categories")), staleTime: 600_000 });
}

export function useShelf(categoryId: number, sort: ShelfSort) {
  return useInfiniteQuery({
    queryKey: ["shelf", categoryId, sort],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET("/api/v1/mall/products", { params: { query: { category_id: categoryId, sort, limit: 24, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** A category with its way down from the root, or null. */
export function findCategory(categories: Category[], id: number): Category[] | null {
  for (const category of categories) {
    if (category.id === id) return [category];
    const below = findCategory(category.children, id);
    if (below) return [category, ...below];
  }
  return null;
}
