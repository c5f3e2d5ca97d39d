import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post } from "../api/http";
import type { BillList, Difference, Page } from "../api/types";

const DUE_MS = 5_000;

export function useBills() {
  return useQuery({
    queryKey: ["bills"],
    queryFn: ({ signal }) => get<BillList>("/operator/reconciliation/bills", undefined, signal),
    refetchInterval: (query) => (query.state.data?.items.some((bill) => bill.state === "due" && bill.error === "") ? DUE_MS : false),
    retry: false,
  });
}

export interface DifferenceFilter {
  unresolved_only: boolean;
  provider: string | null;
  day: string | null;
}

export function useDifferences(filter: DifferenceFilter) {
  return useInfiniteQuery({
    queryKey: ["bill-differences", filter],
    queryFn: ({ pageParam, signal }) => get<Page<Difference>>("/operator/reconciliation/differences", { ...filter, cursor: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    retry: false,
  });
}

function useRefresh() {
  const client = useQueryClient();
  return () => Promise.all([client.invalidateQueries({ queryKey: ["bills"] }), client.invalidateQueries({ queryKey: ["bill-differences"] })]);
}

export function useRequestBill() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (asked: { provider: string; day: string }) => post("/operator/reconciliation/bills", asked),
    onSuccess: refresh,
  });
}

export function useResolve() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ id, note }: { id: number; note: string }) => post(`/operator/reconciliation/differences/${id}/resolve`, { note }),
    onSuccess: refresh,
  });
}
