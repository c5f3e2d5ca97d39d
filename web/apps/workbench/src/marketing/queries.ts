import { useQuery, useQueryClient } from "@tanstack/react-query";
import { get, patch, post } from "../api/http";
import type { BundleOffer, FlashSale, FullReduction, OfferedCoupon, PresaleOffer } from "../api/types";

/** The kinds of programmes and where they stand; `base` is "/shops/7", or "/platform" for the operator's coupons. */
export type Kind = "coupons" | "full-reductions" | "flash-sales" | "bundles" | "presales";
interface Rows {
  coupons: OfferedCoupon;
  "full-reductions": FullReduction;
  "flash-sales": FlashSale;
  bundles: BundleOffer;
  presales: PresaleOffer;
}

export function useProgrammes<K extends Kind>(base: string, kind: K) {
  return useQuery({ queryKey: ["programmes", base, kind], queryFn: ({ signal }) => get<Rows[K][]>(`${base}/${kind}`, undefined, signal) });
}

export type NewState = "running" | "paused" | "ended";

export function useProgrammeActions(base: string, kind: Kind) {
  const client = useQueryClient();
  const done = () => client.invalidateQueries({ queryKey: ["programmes", base, kind] });
  return {
    create: async (body: unknown) => {
      await post(`${base}/${kind}`, body);
      await done();
    },
    change: async (id: number, state: NewState) => {
      await patch(`${base}/${kind}/${id}`, { state });
      await done();
    },
  };
}
