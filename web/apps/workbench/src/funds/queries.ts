import type { components } from "@xingqu/client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, put, remove, request } from "../api/http";
import type { Page } from "../api/types";

type Schemas = components["schemas"];
export type Funds = Schemas["FundsOut"];
export type Settlement = Schemas["SettlementOut"];
export type StatementMonth = Schemas["StatementMonthOut"];
export type Statement = Schemas["StatementOut"];
export type StatementLine = Schemas["StatementLineOut"];
export type Withdrawal = Schemas["WithdrawalOut"];
export type Terms = Schemas["SettlementTermsOut"];
export type Hold = Schemas["RiskHoldOut"];
export type AuditRun = Schemas["AuditRunOut"];
export type Difference = Schemas["AuditDifferenceOut"];

const base = (shopId: number) => `/shops/${shopId}/funds`;

export const useFunds = (shopId: number) => useQuery({ queryKey: ["funds", shopId, "overview"], queryFn: ({ signal }) => get<Funds>(base(shopId), undefined, signal) });

export const useMonths = (shopId: number) => useQuery({ queryKey: ["funds", shopId, "months"], queryFn: ({ signal }) => get<StatementMonth[]>(`${base(shopId)}/statements`, undefined, signal) });

export const useStatement = (shopId: number, month: StatementMonth | undefined) =>
  useQuery({
    queryKey: ["funds", shopId, "statement", month?.month],
    queryFn: ({ signal }) => get<Statement>(`${base(shopId)}/statement`, { since: month!.since, until: month!.until }, signal),
    enabled: month !== undefined,
  });

export const settlementsPage = (path: string, state: string) => (cursor: string | null, signal?: AbortSignal) =>
  get<Page<Settlement>>(path, { cursor, state: state === "all" ? null : state }, signal);
export const withdrawalsPage = (path: string) => (cursor: string | null, signal?: AbortSignal) => get<Page<Withdrawal>>(path, { cursor }, signal);
export const linesPage = (shopId: number, month: StatementMonth) => (cursor: string | null, signal?: AbortSignal) =>
  get<Page<StatementLine>>(`${base(shopId)}/statement/lines`, { since: month.since, until: month.until, cursor }, signal);
export const differencesPage = (runId: number) => (cursor: string | null, signal?: AbortSignal) => get<Page<Difference>>(`/platform/audits/${runId}/differences`, { cursor }, signal);

/** What a merchant does with money; whatever was changed is read again. */
export function useFundsActions(shopId: number) {
  const client = useQueryClient();
  const done = () => client.invalidateQueries({ queryKey: ["funds", shopId] });
  return {
    withdraw: async (amount_minor: number, key: string) => {
      await request("POST", `${base(shopId)}/withdrawals`, { body: { amount_minor }, headers: { "Idempotency-Key": key } });
      await done();
    },
    setAccount: async (body: { holder: string; bank_name: string; number: string }) => {
      await put(`${base(shopId)}/payout-account`, body);
      await done();
    },
    payDeposit: async (amount_minor: number) => {
      await post(`${base(shopId)}/deposit`, { amount_minor });
      await done();
      await client.invalidateQueries({ queryKey: ["deposit", shopId] });
      await client.invalidateQueries({ queryKey: ["deposit-changes", shopId] });
    },
  };
}

const PLATFORM = "/platform/settlement";
export const useTerms = () => useQuery({ queryKey: ["settlement", "rules"], queryFn: ({ signal }) => get<Terms>(`${PLATFORM}/rules`, undefined, signal) });
export const useHolds = () => useQuery({ queryKey: ["settlement", "holds"], queryFn: ({ signal }) => get<Hold[]>(`${PLATFORM}/holds`, undefined, signal) });
export const useAudits = () => useQuery({ queryKey: ["audits"], queryFn: ({ signal }) => get<AuditRun[]>("/platform/audits", undefined, signal) });

export interface NewRule {
  effective_from: string;
  tiers: { min_score: number; days: number }[];
  unrated_days: number;
  min_withdrawal_minor: number;
  note: string;
}

export function useOperatorActions() {
  const client = useQueryClient();
  const done = () => client.invalidateQueries({ queryKey: ["settlement"] });
  const then = async (asked: Promise<unknown>) => {
    await asked;
    await done();
  };
  return {
    addRule: (body: NewRule) => then(post(`${PLATFORM}/rules`, body)),
    removeRule: (id: number) => then(remove(`${PLATFORM}/rules/${id}`)),
    /** With `until` the score holds till then, else till the next one is computed. */
    setScore: (body: { shop_id: number; score: number; until: string | null; note: string }) => then(post(`${PLATFORM}/scores`, body)),
    hold: (body: { shop_id: number; order_no: string; reason: string }) => then(post(`${PLATFORM}/holds`, body)),
    lift: (id: number, reason: string) => then(post(`${PLATFORM}/holds/${id}/lift`, { reason })),
  };
}
