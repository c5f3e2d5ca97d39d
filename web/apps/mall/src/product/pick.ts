import { useQuery } from "@tanstack/react-query";
import { api, type Attribution, unwrap } from "@xingqu/client";

const PICK_SOURCE = /^[A-Za-z0-9]{4,24}$/;

/** The creator's link (转链) that an address carries as `?pick=`; null without one. */
export function readPick(search: URLSearchParams): string | null {
  const pick = search.get("pick") ?? "";
  return PICK_SOURCE.test(pick) ? pick : null;
}

/** Where a creator's link leads in this shop: the product's own page, with the link kept so that sharing it on keeps crediting. */
export const pickedAddress = (productId: number, pick: string) => `/product/${productId}?pick=${pick}`;

/** What the link says led here: its touch credits the creator, for the link's own product only. */
export function pickedAttribution(told: Attribution, picked: { product_id: number; touch: string } | undefined, productId: number): Attribution {
  if (!picked || picked.product_id !== productId) return told;
  return { ...told, surface: "creator", touch: picked.touch };
}

/** A link's product, creator and touch. A touch is of this visitor and of today: it is never kept over visits. */
export function usePicked(pick: string | null) {
  return useQuery({
    queryKey: ["pick", pick],
    queryFn: () => unwrap(api.GET("/api/v1/picks/{pick_source}", { params: { path: { pick_source: pick ?? "" } } })),
    enabled: pick !== null,
    staleTime: 600_000,
    gcTime: 600_000,
  });
}
