import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { components } from "@xingqu/client";
import { get, put, request } from "../api/http";
import type { Page } from "../api/types";

type Schemas = components["schemas"];
export type Earnings = Schemas["EarningsOut"];
export type Payee = Schemas["PayeeOut"];
export type CommissionOrder = Schemas["CommissionOrderOut"];
export type CommissionSum = Schemas["CommissionSumOut"];
export type PayoutQuote = Schemas["PayoutQuoteOut"];
export type Payout = Schemas["WithdrawalOut"];
export type StatementMonth = Schemas["StatementMonthOut"];
export type Statement = Schemas["StatementOut"];
export type StatementLine = Schemas["StatementLineOut"];

export const payeePath = (shopId: number, payee: Payee) => `/shops/${shopId}/earnings/${payee.payee}/${payee.id}`;

export const useEarnings = (shopId: number) => useQuery({ queryKey: ["earnings", shopId], queryFn: ({ signal }) => get<Earnings>(`/shops/${shopId}/earnings`, undefined, signal) });

export const commissionsPage = (path: string, state: string) => (cursor: string | null, signal?: AbortSignal) =>
  get<Page<CommissionOrder>>(`${path}/commissions`, { cursor, state: state === "all" ? null : state }, signal);

export const payoutsPage = (path: string) => (cursor: string | null, signal?: AbortSignal) => get<Page<Payout>>(`${path}/payouts`, { cursor }, signal);

export const linesPage = (path: string, month: StatementMonth) => (cursor: string | null, signal?: AbortSignal) =>
  get<Page<StatementLine>>(`${path}/statement/lines`, { cursor, since: month.since, until: month.until }, signal);

export const useMonths = (path: string) => useQuery({ queryKey: ["earnings", path, "months"], queryFn: ({ signal }) => get<StatementMonth[]>(`${path}/statements`, undefined, signal) });

export const useStatement = (path: string, month: StatementMonth | undefined) =>
  useQuery({
    queryKey: ["earnings", path, "statement", month?.month],
    enabled: month !== undefined,
    queryFn: ({ signal }) => get<Statement>(`${path}/statement`, { since: month?.since, until: month?.until }, signal),
  });

export const useQuote = (path: string, amountMinor: number | null) =>
  useQuery({
    queryKey: ["earnings", path, "quote", amountMinor],
    enabled: amountMinor !== null,
    queryFn: ({ signal }) => get<PayoutQuote>(`${path}/payout-quote`, { amount_minor: amountMinor }, signal),
  });

export function useEarningActions(shopId: number) {
  const client = useQueryClient();
  const done = () => client.invalidateQueries({ queryKey: ["earnings"] });
  return {
    payOut: async (path: string, amountMinor: number, key: string) => {
      await request("POST", `${path}/payouts`, { body: { amount_minor: amountMinor }, headers: { "Idempotency-Key": key } });
      await done();
    },
    setAccount: async (body: unknown) => {
      await put(`/shops/${shopId}/earnings/payout-account`, body);
      await done();
    },
  };
}
