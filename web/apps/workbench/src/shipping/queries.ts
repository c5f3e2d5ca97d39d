import { useQuery, useQueryClient } from "@tanstack/react-query";
import { apiAddress, get, post, remove } from "../api/http";
import type { DeskCounts, DeskPackage, Page, WaybillResult } from "../api/types";
import type { FetchPage } from "../table/use-pages";

export function useDeskCounts(shopId: number) {
  return useQuery({
    queryKey: ["desk-counts", shopId],
    queryFn: ({ signal }) => get<DeskCounts>(`/shops/${shopId}/packages/counts`, undefined, signal),
    refetchInterval: 30_000,
  });
}

export function packagesFetcher(shopId: number, filters: { tab?: string | undefined; q?: string | undefined }): FetchPage<DeskPackage> {
  return (cursor, signal) => get<Page<DeskPackage>>(`/shops/${shopId}/packages`, { ...filters, cursor, limit: 50 }, signal);
}

export function labelsAddress(shopId: number, ids: readonly number[]): string {
  return apiAddress(`/shops/${shopId}/packages/labels.pdf`, { ids: ids.join(",") });
}

/** What is done at the desk; lists and counts are read again afterwards. */
export function useDesk(shopId: number) {
  const client = useQueryClient();
  const refresh = () =>
    Promise.all(["packages", "desk-counts", "orders", "order", "order-counts", "today"].map((key) => client.invalidateQueries({ queryKey: [key, shopId] })));
  const base = `/shops/${shopId}/packages`;
  const then = async <T>(call: Promise<T>): Promise<T> => {
    try {
      return await call;
    } finally {
      await refresh();
    }
  };
  return {
    refresh,
    pack: (orderNos: readonly string[]) => then(post<DeskPackage>(base, { orders: orderNos.map((order_no) => ({ order_no })) })),
    merge: (ids: readonly number[]) => then(post<DeskPackage>(`${base}/merge`, { package_ids: ids })),
    split: (id: number, lines: { order_no: string; sku_id: number; quantity: number }[]) => then(post<DeskPackage>(`${base}/${id}/split`, { lines })),
    unpack: (id: number) => then(remove<null>(`${base}/${id}`)),
    waybills: (ids: readonly number[], carrier_code: string) => then(post<WaybillResult[]>(`${base}/waybills`, { package_ids: ids, carrier_code })),
    handOver: (id: number, number?: { carrier_code: string; tracking_no: string }) => then(post<DeskPackage>(`${base}/${id}/hand-over`, number ?? {})),
    changeNumber: (id: number, number: { carrier_code: string; tracking_no: string }) => then(post<DeskPackage>(`${base}/${id}/number`, number)),
    intercept: (id: number) => then(post<DeskPackage>(`${base}/${id}/intercept`)),
  };
}
