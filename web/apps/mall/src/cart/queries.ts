import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Attribution, type Cart, unwrap } from "@xingqu/client";

const KEY = ["cart"];

export function useCart() {
  return useQuery({ queryKey: KEY, queryFn: () => unwrap(api.GET("/api/v1/cart")), staleTime: 15_000 });
}

/** Each change answers with the whole cart, which becomes what is shown. */
function useCartChange<Input>(change: (input: Input) => Promise<Cart>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (cart) => client.setQueryData(KEY, cart),
    onError: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

export function useAddToCart() {
  return useCartChange((body: { sku_id: number; quantity: number; attribution?: Attribution }) => unwrap(api.POST("/api/v1/cart/lines", { body })));
}

export function useAddBundle() {
  return useCartChange(({ bundleId, ...body }: { bundleId: number; quantity: number; attribution?: Attribution }) =>
    unwrap(api.POST("/api/v1/cart/bundles/{bundle_id}", { params: { path: { bundle_id: bundleId } }, body })),
  );
}

export function useChangeLine() {
  return useCartChange(({ sku_id, ...body }: { sku_id: number; quantity?: number; selected?: boolean }) =>
    unwrap(api.PATCH("/api/v1/cart/lines/{sku_id}", { params: { path: { sku_id } }, body })),
  );
}

export function useRemoveLine() {
  return useCartChange((sku_id: number) => unwrap(api.DELETE("/api/v1/cart/lines/{sku_id}", { params: { path: { sku_id } } })));
}

export function useSelectLines() {
  return useCartChange((body: { sku_ids: number[]; selected: boolean }) => unwrap(api.POST("/api/v1/cart/select", { body })));
}
