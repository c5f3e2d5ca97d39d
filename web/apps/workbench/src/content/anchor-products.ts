import { useQuery } from "@tanstack/react-query";
import type { Money } from "@xingqu/i18n";
import type { components } from "@xingqu/client";
import { get } from "../api/http";
import type { MerchantProduct, Page } from "../api/types";
import { useShop } from "../app/session";

type Card = components["schemas"]["ProductCardOut"];

/** A product that can be hung on a work. */
export interface AnchorProduct {
  id: number;
  name: string;
  short_name: string;
  picture_url: string;
  price: Money | null;
}

/** Products of other shops that the workplace may show: what it took up in the alliance. */
export function useAnchorProducts(shopId: number, q: string) {
  return useQuery({
    queryKey: ["anchor-products", shopId, "granted", q],
    queryFn: async ({ signal }) => (await get<Page<Card>>(`/shops/${shopId}/anchor-products`, { q, limit: 20 }, signal)).items,
    staleTime: 30_000,
  });
}

/** What the workplace may hang on its works: a shop its own products, and everybody what was taken up in the alliance. */
export function useProductsToAnchor(q: string): { rows: AnchorProduct[]; isFetching: boolean } {
  const shop = useShop();
  const own = useQuery({
    queryKey: ["anchor-products", shop.id, "own", q],
    queryFn: async ({ signal }) => (await get<Page<MerchantProduct>>(`/shops/${shop.id}/products`, { q, limit: 20 }, signal)).items,
    staleTime: 30_000,
    enabled: shop.kind === "merchant",
  });
  const granted = useAnchorProducts(shop.id, q);
  const rows = [
    ...(own.data ?? []).map(({ id, name, short_name, picture_url, price }) => ({ id, name, short_name, picture_url: picture_url ?? "", price })),
    ...(granted.data ?? []).map(({ id, name, short_name, picture_url, price }) => ({ id, name, short_name, picture_url, price })),
  ];
  return { rows, isFetching: own.isFetching || granted.isFetching };
}
