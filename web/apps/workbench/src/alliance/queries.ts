import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { components } from "@xingqu/client";
import { get, post, put } from "../api/http";
import type { Page } from "../api/types";

type Schemas = components["schemas"];
export type Plan = Schemas["PlanOut"];
export type AllianceTerms = Schemas["AllianceTermsOut"];
export type CommissionOrder = Schemas["CommissionOrderOut"];
export type CommissionSum = Schemas["CommissionSumOut"];
type Commissions = Schemas["CommissionsOut"];

const base = (shopId: number) => `/shops/${shopId}/alliance`;

export const useTerms = (shopId: number) => useQuery({ queryKey: ["alliance", shopId, "terms"], queryFn: ({ signal }) => get<AllianceTerms>(`${base(shopId)}/terms`, undefined, signal) });

export const useSums = (shopId: number) =>
  useQuery({ queryKey: ["alliance", shopId, "sums"], queryFn: async ({ signal }) => (await get<Commissions>(`${base(shopId)}/commissions`, { limit: 1 }, signal)).sums });

export const plansPage = (shopId: number) => (cursor: string | null, signal?: AbortSignal) => get<Page<Plan>>(`${base(shopId)}/plans`, { cursor }, signal);

export const commissionsPage = (shopId: number, state: string) => (cursor: string | null, signal?: AbortSignal) =>
  get<Page<CommissionOrder>>(`${base(shopId)}/commissions`, { cursor, state: state === "all" ? null : state }, signal);

/** What a shop does with its plans; whatever was changed is read again. */
export function usePlanActions(shopId: number) {
  const client = useQueryClient();
  const done = () => client.invalidateQueries({ queryKey: ["alliance", shopId] });
  return {
    open: async (body: unknown) => {
      await post(`${base(shopId)}/plans`, body);
      await done();
    },
    rate: async (plan: Plan, commission_bp: number) => {
      await put(`${base(shopId)}/plans/${plan.id}/rate`, { commission_bp, service_bp: plan.service_bp });
      await done();
    },
    creators: async (plan: Plan, handles: string[]) => {
      await put(`${base(shopId)}/plans/${plan.id}/creators`, { handles });
      await done();
    },
    close: async (plan: Plan) => {
      await post(`${base(shopId)}/plans/${plan.id}/close`, {});
      await done();
    },
  };
}
