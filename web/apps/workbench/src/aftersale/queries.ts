import { useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, postForm, put } from "../api/http";
import type { AfterSaleCase, AfterSaleCounts, AfterSaleDetail, AfterSaleRulesPage, CaseBatch, Clause, DisputeCounts, Page, ReturnAddress } from "../api/types";
import type { FetchPage } from "../table/use-pages";

/** Where a side's cases are: a shop's desk, or the platform's. */
export const shopRoot = (shopId: number) => `/shops/${shopId}/aftersales`;
export const PLATFORM_ROOT = "/operator/aftersales";

export interface CaseFilters {
  queue?: string | undefined;
  kind?: string | undefined;
  q?: string | undefined;
  order_no?: string | undefined;
}

export function casesFetcher(root: string, filters: CaseFilters): FetchPage<AfterSaleCase> {
  return (cursor, signal) => get<Page<AfterSaleCase>>(root, { ...filters, cursor, limit: 50 }, signal);
}

export function useCaseCounts<Counts extends AfterSaleCounts | DisputeCounts>(root: string) {
  return useQuery({
    queryKey: ["aftersales", root, "counts"],
    queryFn: ({ signal }) => get<Counts>(`${root}/counts`, undefined, signal),
    refetchInterval: 30_000,
  });
}

export function useCase(root: string, caseNo: string | undefined) {
  return useQuery({
    queryKey: ["aftersales", root, "one", caseNo],
    queryFn: ({ signal }) => get<AfterSaleDetail>(`${root}/${caseNo}`, undefined, signal),
    enabled: Boolean(caseNo),
    // The other side and the clock move it too.
    refetchInterval: (query) => (query.state.data?.closed_at ? false : 20_000),
  });
}

/** Steps of a side; lists, counters and to-dos are read again afterwards. */
export function useCaseSteps(root: string) {
  const client = useQueryClient();
  const refresh = () => Promise.all(["aftersales", "orders", "order", "today"].map((key) => client.invalidateQueries({ queryKey: [key] })));
  return {
    refresh,
    step: async (caseNo: string, path: string, body: Record<string, unknown>) => {
      try {
        return await post<AfterSaleDetail>(`${root}/${caseNo}/${path}`, body);
      } finally {
        await refresh();
      }
    },
    approveAll: async (rows: { case_no: string; version: number }[]) => {
      try {
        return await post<CaseBatch>(`${root}/approve-batch`, rows);
      } finally {
        await refresh();
      }
    },
  };
}

export async function uploadEvidence(root: string, caseNo: string, file: File): Promise<{ id: number; url: string }> {
  const form = new FormData();
  form.append("file", file);
  return postForm<{ id: number; url: string }>(`${root}/${caseNo}/pictures`, form);
}

export function useReturnAddress(shopId: number) {
  return useQuery({
    queryKey: ["return-address", shopId],
    queryFn: ({ signal }) => get<ReturnAddress | null>(`/shops/${shopId}/return-address`, undefined, signal),
  });
}

export const saveReturnAddress = (shopId: number, address: ReturnAddress) => put<ReturnAddress>(`/shops/${shopId}/return-address`, address);

export function useClauses() {
  return useQuery({
    queryKey: ["clauses"],
    queryFn: ({ signal }) => get<{ items: Clause[] }>(`${PLATFORM_ROOT}/clauses`, undefined, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export const RULES_KEY = ["aftersale-rules"];

export function useRules() {
  return useQuery({ queryKey: RULES_KEY, queryFn: ({ signal }) => get<AfterSaleRulesPage>("/operator/aftersale-rules", undefined, signal) });
}
