import { useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, postForm, remove } from "../api/http";
import type { Category, CategoryAttribute, ImportReport, MerchantProduct, Page, ProductEdit } from "../api/types";
import type { FetchPage } from "../table/use-pages";

export interface ProductFilters {
  q?: string | undefined;
  state?: string | undefined;
  category_id?: number | undefined;
  sort?: string | undefined;
}

export function productsFetcher(shopId: number, filters: ProductFilters): FetchPage<MerchantProduct> {
  return (cursor, signal) =>
    get<Page<MerchantProduct>>(`/shops/${shopId}/products`, { ...filters, cursor, limit: 50 }, signal);
}

export function useCategories() {
  return useQuery({
    queryKey: ["categories"],
    queryFn: ({ signal }) => get<Category[]>("/categories", undefined, signal),
    staleTime: 10 * 60_000,
  });
}

export function useCategoryAttributes(categoryId: number | null) {
  return useQuery({
    queryKey: ["category-attributes", categoryId],
    queryFn: ({ signal }) => get<CategoryAttribute[]>(`/categories/${categoryId}/attributes`, undefined, signal),
    enabled: categoryId !== null,
    staleTime: 10 * 60_000,
  });
}

export function productKey(shopId: number, productId: number) {
  return ["product", shopId, productId];
}

export function useProduct(shopId: number, productId: number | null) {
  return useQuery({
    queryKey: productKey(shopId, productId ?? 0),
    queryFn: ({ signal }) => get<ProductEdit>(`/shops/${shopId}/products/${productId}`, undefined, signal),
    enabled: productId !== null,
    staleTime: 0,
  });
}

export type ProductAction = "submit" | "online" | "offline" | "delete";

export function useProductActions(shopId: number) {
  const client = useQueryClient();
  const base = `/shops/${shopId}/products`;
  const refresh = () =>
    Promise.all(
      ["products", "product", "today"].map((key) => client.invalidateQueries({ queryKey: [key, shopId] })),
    );
  return {
    refresh,
    /** `online`: a submitted product goes on the shelf as soon as it is approved. */
    act: (productId: number, action: ProductAction, online = false) =>
      action === "delete" ? remove(`${base}/${productId}`) : post(`${base}/${productId}/${action}`, action === "submit" ? { online } : {}),
    setStock: (productId: number, skuId: number, stock: number) =>
      post(`${base}/${productId}/stock`, { sku_id: skuId, set_to: stock, reason: "count" }),
    importFile: (file: File, dryRun: boolean) => {
      const form = new FormData();
      form.set("file", file);
      form.set("dry_run", String(dryRun));
      return postForm<ImportReport>(`${base}/import`, form);
    },
  };
}

/** All leaves of the tree as "parent / child" paths, for exports and labels. */
export function categoryPaths(categories: readonly Category[], named: (row: Category) => string): Map<number, string> {
  const paths = new Map<number, string>();
  const walk = (nodes: readonly Category[], prefix: string) => {
    for (const node of nodes) {
      const path = prefix ? `${prefix} / ${named(node)}` : named(node);
      paths.set(node.id, path);
      walk(node.children ?? [], path);
    }
  };
  walk(categories, "");
  return paths;
}
