import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@xingqu/client";

/** Presales of a product whose deposit can be paid now. */
export function usePresales(productId: number) {
  return useQuery({
    queryKey: ["presales", productId],
    queryFn: () => unwrap(api.GET("/api/v1/products/{product_id}/presales", { params: { path: { product_id: productId } } })),
    staleTime: 15_000,
  });
}

interface ReserveInput {
  itemId: number;
  quantity: number;
  addressId: number;
  key: string;
}

export function useReserve() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ itemId, quantity, addressId, key }: ReserveInput) =>
      unwrap(
        api.POST("/api/v1/presales/{item_id}/orders", {
          params: { path: { item_id: itemId }, header: { "Idempotency-Key": key } },
          body: { quantity, address_id: addressId },
        }),
      ),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["presales"] });
      void client.invalidateQueries({ queryKey: ["orders"] });
    },
  });
}

/** Which coupons lower the rest; null uses the best. */
export function useFinalCoupons(orderNo: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (couponIds: number[] | null) =>
      unwrap(api.PUT("/api/v1/orders/{order_no}/final", { params: { path: { order_no: orderNo } }, body: { coupon_ids: couponIds } })),
    onSettled: () => client.invalidateQueries({ queryKey: ["orders"] }),
  });
}
