import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, type Attribution, unwrap } from "@xingqu/client";
import { type Language, useTranslation } from "@xingqu/i18n";
import type { WantedLine } from "./address";
import { chosenMethod, deviceOf, rememberedMethod } from "./method";

/** The quote of some lines, or (null) of what is selected in the cart. `couponIds` null uses the coupons that save most. */
export function useQuote(lines: WantedLine[] | null, attribution: Attribution, addressId: number | null, couponIds: number[] | null) {
  return useQuery({
    queryKey: ["quote", lines, addressId, couponIds],
    queryFn: () =>
      unwrap(
        api.POST("/api/v1/checkout/quote", {
          body: {
            lines: lines ? lines.map((line) => ({ ...line, attribution })) : null,
            ...(addressId === null ? {} : { address_id: addressId }),
            ...(couponIds === null ? {} : { coupon_ids: couponIds }),
          },
        }),
      ),
    placeholderData: keepPreviousData,
    gcTime: 0,
    staleTime: 0,
    refetchOnWindowFocus: false,
  });
}

/** The quote of what is selected in the cart, for its sum; `signature` tells when the selection is another. */
export function useCartQuote(signature: string) {
  return useQuery({
    queryKey: ["quote", "cart", signature],
    queryFn: () => unwrap(api.POST("/api/v1/checkout/quote", { body: { lines: null } })),
    enabled: signature !== "",
    placeholderData: keepPreviousData,
    gcTime: 0,
    staleTime: 0,
  });
}

export interface PlaceInput {
  idempotencyKey: string;
  quoteToken: string;
  addressId: number;
  notes: Record<string, string>;
  fromCart: boolean;
}

export function usePlaceOrder() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: PlaceInput) =>
      unwrap(
        api.POST("/api/v1/checkout", {
          params: { header: { "Idempotency-Key": input.idempotencyKey } },
          body: { quote_token: input.quoteToken, address_id: input.addressId, notes: input.notes, from_cart: input.fromCart },
        }),
      ),
    // the same key makes a repeat harmless, so a lost connection is simply tried again
    retry: 2,
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["cart"] });
      void client.invalidateQueries({ queryKey: ["orders"] });
    },
  });
}

const METHODS = {
  queryKey: ["pay-methods"],
  queryFn: () => unwrap(api.GET("/api/v1/payments/methods")).then((answer) => answer.items),
  staleTime: 5 * 60_000,
};

/** The ways to pay that the site has. */
export function usePayMethods(enabled = true) {
  return useQuery({ ...METHODS, enabled });
}

/** Opens a payment of an order, or one of several, the way that was chosen last and gives the address to go to: the provider's, or our page that waits for one. */
export function useStartPayment() {
  const { i18n } = useTranslation();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (orders: string | readonly string[]) => {
      const methods = await client.ensureQueryData(METHODS).catch(() => []);
      const coarse = globalThis.matchMedia("(pointer: coarse)").matches;
      const body = {
        provider: chosenMethod(methods, rememberedMethod()),
        return_url: "/pay/return",
        language: i18n.language as Language,
        device: deviceOf(coarse, globalThis.innerWidth),
      };
      const orderNos = typeof orders === "string" ? [orders] : orders;
      if (orderNos.length > 1) return unwrap(api.POST("/api/v1/payments", { body: { ...body, order_nos: [...orderNos] } }));
      return unwrap(api.POST("/api/v1/orders/{order_no}/pay", { params: { path: { order_no: orderNos[0] ?? "" } }, body }));
    },
    // what is offered may have changed since it was read
    onError: () => void client.invalidateQueries({ queryKey: METHODS.queryKey }),
  });
}
