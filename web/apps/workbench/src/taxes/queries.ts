import type { components } from "@xingqu/client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, remove, request } from "../api/http";
import type { Page } from "../api/types";

type Schemas = components["schemas"];
export type Remittance = Schemas["TaxRemittanceOut"];
export type RemittanceDetail = Schemas["TaxRemittanceDetailOut"];
export type RuleSum = Schemas["TaxRuleSumOut"];
export type TaxLine = Schemas["TaxLineOut"];
export type TaxPayee = Schemas["TaxPayeeOut"];
export type TaxReturn = Schemas["TaxReturnOut"];
export type WithholdingRule = Schemas["WithholdingRuleOut"];
export type NewWithholding = Schemas["WithholdingRuleIn"];
type Preview = Schemas["TaxPreviewOut"];

export const RUNS = "/platform/tax-remittances";
export const PAYEES = "/platform/tax-payees";
export const RETURNS = "/platform/tax-returns";
const RULES = "/platform/settlement/withholding";

export const pageOf =
  <T>(path: string, query: Record<string, boolean> = {}) =>
  (cursor: string | null, signal?: AbortSignal) =>
    get<Page<T>>(path, { ...query, cursor }, signal);

export const usePreview = (period: string | null) =>
  useQuery({ queryKey: ["taxes", "preview", period], queryFn: ({ signal }) => get<Preview>(`${RUNS}/preview`, { period }, signal), enabled: period !== null });

export const useRemittance = (number: string) => useQuery({ queryKey: ["taxes", "run", number], queryFn: ({ signal }) => get<RemittanceDetail>(`${RUNS}/${number}`, undefined, signal) });

export const useWithholding = () => useQuery({ queryKey: ["taxes", "rules"], queryFn: ({ signal }) => get<WithholdingRule[]>(RULES, undefined, signal) });

/** What operators do about withheld tax; whatever was changed is read again. */
export function useTaxActions() {
  const client = useQueryClient();
  const then = async (asked: Promise<unknown>) => {
    await asked;
    await client.invalidateQueries({ queryKey: ["taxes"] });
  };
  return {
    remit: (body: { period: string; total_minor: number; reference: string; note: string }) => then(post(RUNS, body)),
    giveBack: (withdrawalNo: string, body: { amount_minor: number; reason: string }, key: string) =>
      then(request("POST", `/platform/settlement/withdrawals/${withdrawalNo}/tax-returns`, { body, headers: { "Idempotency-Key": key } })),
    addRule: (body: NewWithholding) => then(post(RULES, body)),
    removeRule: (id: number) => then(remove(`${RULES}/${id}`)),
  };
}
