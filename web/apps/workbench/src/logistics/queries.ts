import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { FetchPage } from "../table/use-pages";
import { get, post, put, remove } from "../api/http";
import type { CarrierHook, FreightTemplate, MerchantProduct, NewCarrierHook, Page, ProductFreight, Region, ShopAddress, ShopCover } from "../api/types";

export function useRegions(parentId: number | null, enabled = true) {
  return useQuery({
    queryKey: ["regions", parentId],
    queryFn: ({ signal }) => get<Region[]>("/regions", parentId === null ? {} : { parent_id: parentId }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    enabled,
  });
}

export function useTemplates(shopId: number) {
  return useQuery({ queryKey: ["freight-templates", shopId], queryFn: ({ signal }) => get<FreightTemplate[]>(`/shops/${shopId}/freight/templates`, undefined, signal) });
}

export function useProductsFreight(shopId: number) {
  return useQuery({ queryKey: ["products-freight", shopId], queryFn: ({ signal }) => get<ProductFreight[]>(`/shops/${shopId}/freight/products`, undefined, signal) });
}

export function productsFetcher(shopId: number, q: string | undefined): FetchPage<MerchantProduct> {
  return (cursor, signal) => get<Page<MerchantProduct>>(`/shops/${shopId}/products`, { q, cursor, limit: 20 }, signal);
}

export function useShopAddresses(shopId: number) {
  return useQuery({ queryKey: ["shop-addresses", shopId], queryFn: ({ signal }) => get<ShopAddress[]>(`/shops/${shopId}/shipping-addresses`, undefined, signal) });
}

export function useShopCover(shopId: number) {
  return useQuery({ queryKey: ["freight-cover", shopId], queryFn: ({ signal }) => get<ShopCover>(`/shops/${shopId}/freight-cover`, undefined, signal) });
}

export function useHook(shopId: number) {
  return useQuery({ queryKey: ["carrier-hook", shopId], queryFn: ({ signal }) => get<CarrierHook | null>(`/shops/${shopId}/carrier-hook`, undefined, signal) });
}

/** Changes of logistics; what they change is read again. */
export function useLogistics(shopId: number) {
  const client = useQueryClient();
  const again = (...keys: string[]) => Promise.all(keys.map((key) => client.invalidateQueries({ queryKey: [key, shopId] })));
  const templates = `/shops/${shopId}/freight/templates`;
  const addresses = `/shops/${shopId}/shipping-addresses`;
  return {
    saveTemplate: async (body: object, template: FreightTemplate | null) => {
      if (template) await put<FreightTemplate>(`${templates}/${template.id}`, { ...body, version: template.version });
      else await post<FreightTemplate>(templates, body);
      await again("freight-templates");
    },
    removeTemplate: async (id: number) => {
      await remove<null>(`${templates}/${id}`);
      await again("freight-templates");
    },
    setProducts: async (body: { product_ids: number[]; template_id: number | null; weight_g: number | null }) => {
      await put<ProductFreight[]>(`/shops/${shopId}/freight/products`, body);
      await again("products-freight", "freight-templates");
    },
    saveAddress: async (body: object, id: number | null) => {
      await (id === null ? post<ShopAddress[]>(addresses, body) : put<ShopAddress[]>(`${addresses}/${id}`, body));
      await again("shop-addresses");
    },
    removeAddress: async (id: number) => {
      await remove<ShopAddress[]>(`${addresses}/${id}`);
      await again("shop-addresses");
    },
    setCover: async (all_products: boolean) => {
      await put<ShopCover>(`/shops/${shopId}/freight-cover`, { all_products });
      await again("freight-cover");
    },
    renewHook: async () => {
      const made = await post<NewCarrierHook>(`/shops/${shopId}/carrier-hook`);
      await again("carrier-hook");
      return made;
    },
  };
}
