import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ApiError, type InvoiceTitleInput, unwrap } from "@xingqu/client";

const TITLES = ["invoice-titles"];

export function useTitles(enabled: boolean) {
  return useQuery({ queryKey: TITLES, queryFn: () => unwrap(api.GET("/api/v1/me/invoice-titles")), enabled });
}

export function useSaveTitle() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: InvoiceTitleInput) => unwrap(api.POST("/api/v1/me/invoice-titles", { body })),
    onSuccess: (titles) => client.setQueryData(TITLES, titles),
  });
}

export function useRemoveTitle() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (titleId: number) => unwrap(api.DELETE("/api/v1/me/invoice-titles/{title_id}", { params: { path: { title_id: titleId } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: TITLES }),
  });
}

/** The request for an order's invoice, null when there is none. */
export function useInvoice(orderNo: string) {
  return useQuery({
    queryKey: ["invoice", orderNo],
    queryFn: async () => {
      try {
        return await unwrap(api.GET("/api/v1/orders/{order_no}/invoice", { params: { path: { order_no: orderNo } } }));
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
  });
}

export function useMyInvoices() {
  return useInfiniteQuery({
    queryKey: ["invoices"],
    queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/me/invoices", { params: { query: pageParam ? { cursor: pageParam } : {} } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** Asks for the invoice of each order, in turn; of one checkout all get the same title. */
export function useAskInvoice() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ orderNos, titleId }: { orderNos: string[]; titleId: number }) => {
      for (const orderNo of orderNos) {
        await unwrap(api.POST("/api/v1/orders/{order_no}/invoice", { params: { path: { order_no: orderNo } }, body: { title_id: titleId } }));
      }
    },
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["invoice"] });
      void client.invalidateQueries({ queryKey: ["invoices"] });
    },
  });
}

export function useWithdrawInvoice() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (orderNo: string) => unwrap(api.DELETE("/api/v1/orders/{order_no}/invoice", { params: { path: { order_no: orderNo } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ["invoice"] }),
  });
}
