import type { components } from "@xingqu/client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, postForm, remove } from "../api/http";
import type { Page } from "../api/types";

type Schemas = components["schemas"];
export type Standing = Schemas["DepositStandingOut"];
export type Change = Schemas["DepositChangeOut"];
export type DepositShop = Schemas["DepositShopOut"];
export type DepositRule = Schemas["DepositRuleOut"];
export type Evidence = Schemas["DepositEvidenceOut"];
export type DepositState = Standing["state"];
export const STATES: readonly DepositState[] = ["ok", "short", "overdue", "closing", "closed"];

const own = (shopId: number) => `/shops/${shopId}/funds/deposit`;
const PLATFORM = "/platform/deposits";
export const changesAddress = (shopId: number) => `${own(shopId)}/changes`;

export const useStanding = (shopId: number, operator = false) =>
  useQuery({
    queryKey: ["deposit", shopId, operator],
    queryFn: ({ signal }) => get<Standing>(operator ? `${PLATFORM}/shops/${shopId}` : own(shopId), undefined, signal),
  });

export const changesPage = (shopId: number, operator: boolean) => (cursor: string | null, signal?: AbortSignal) =>
  get<Page<Change>>(operator ? `${PLATFORM}/shops/${shopId}/changes` : changesAddress(shopId), { cursor }, signal);

export const evidenceAddress = (shopId: number, evidenceId: number, operator: boolean) =>
  operator ? `/api/v1${PLATFORM}/evidence/${evidenceId}` : `/api/v1${own(shopId)}/evidence/${evidenceId}`;

export const useCounts = () => useQuery({ queryKey: ["deposits", "counts"], queryFn: ({ signal }) => get<Record<string, number>>(`${PLATFORM}/counts`, undefined, signal) });
export const useRules = () => useQuery({ queryKey: ["deposits", "rules"], queryFn: ({ signal }) => get<DepositRule[]>(`${PLATFORM}/rules`, undefined, signal) });

/** What a shop does with its deposit; whatever was changed is read again. */
export function useDepositActions(shopId: number) {
  const client = useQueryClient();
  const done = async () => {
    await client.invalidateQueries({ queryKey: ["deposit", shopId] });
    await client.invalidateQueries({ queryKey: ["deposit-changes", shopId] });
    await client.invalidateQueries({ queryKey: ["funds", shopId] });
  };
  return {
    /** Answers with the address to go to. */
    pay: (body: { amount_minor: number; provider: string | null; language: "zh-CN" | "en" }) => post<Schemas["DepositPaymentOut"]>(`${own(shopId)}/payments`, body),
    close: async () => {
      await post(`${own(shopId)}/closing`);
      await done();
    },
    goOn: async () => {
      await remove(`${own(shopId)}/closing`);
      await done();
    },
    done,
  };
}

export interface Penalty {
  amount_minor: number;
  reason: string;
  evidence_ids: number[];
  order_no: string;
  compensation_minor: number;
}

export interface NewDepositRule {
  effective_from: string;
  company_minor: number;
  individual_minor: number;
  categories: { category_id: number; company_minor: number; individual_minor: number }[];
  grace_days: number;
  remind_days: number;
  release_days: number;
  note: string;
}

/** What operators decide of deposits. */
export function usePlatformActions() {
  const client = useQueryClient();
  const then = async (asked: Promise<unknown>) => {
    await asked;
    await client.invalidateQueries({ queryKey: ["deposits"] });
    await client.invalidateQueries({ queryKey: ["deposit"] });
    await client.invalidateQueries({ queryKey: ["deposit-changes"] });
  };
  return {
    penalise: (shopId: number, body: Penalty) => then(post(`${PLATFORM}/shops/${shopId}/penalties`, body)),
    freeze: (shop_id: number, amount_minor: number, reason: string) => then(post(`${PLATFORM}/freezes`, { shop_id, amount_minor, reason })),
    decide: (changeNo: string, deduct: boolean) => then(post(`${PLATFORM}/freezes/${changeNo}/decide`, { deduct })),
    addRule: (body: NewDepositRule) => then(post(`${PLATFORM}/rules`, body)),
    removeRule: (id: number) => then(remove(`${PLATFORM}/rules/${id}`)),
    upload: (file: File) => {
      const form = new FormData();
      form.append("file", file);
      return postForm<Evidence>(`${PLATFORM}/evidence`, form);
    },
  };
}
