import { api, type AftersalePicture, type AftersaleRequest, houseFetch, toApiError, unwrap } from "@xingqu/client";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

export const CASE_TABS = ["all", "open", "mine", "closed"] as const;
export type CaseTab = (typeof CASE_TABS)[number];
const at = (caseNo: string) => ({ params: { path: { case_no: caseNo } } });

export interface Units {
  line_id: number;
  quantity: number;
}

export function useOptions(orderNo: string) {
  return useQuery({
    queryKey: ["aftersales", "options", orderNo],
    queryFn: () => unwrap(api.GET("/api/v1/orders/{order_no}/aftersale", { params: { path: { order_no: orderNo } } })),
  });
}

export type Kind = AftersaleRequest["kind"];

/** The most that can go back for these units; asked again whenever they change. */
export function useAssessment(orderNo: string, kind: Kind | null, lines: Units[]) {
  return useQuery({
    queryKey: ["aftersales", "assess", orderNo, kind, lines],
    queryFn: () => unwrap(api.POST("/api/v1/aftersales/assess", { body: { order_no: orderNo, kind: kind!, lines } })),
    enabled: kind !== null && lines.length > 0,
    retry: false,
    staleTime: 0,
  });
}

export function useCases(tab: CaseTab) {
  return useInfiniteQuery({
    queryKey: ["aftersales", "list", tab],
    queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/aftersales", { params: { query: { tab, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** Open cases of the buyer by order, for the marks on the order list. */
export function useOpenCases(enabled = true) {
  return useQuery({
    queryKey: ["aftersales", "open"],
    queryFn: () => unwrap(api.GET("/api/v1/aftersales", { params: { query: { tab: "open", limit: 50 } } })),
    select: (page) => new Map(page.items.map((item) => [item.order_no, item])),
    enabled,
  });
}

export function useCaseCounts(enabled = true) {
  return useQuery({ queryKey: ["aftersales", "counts"], queryFn: () => unwrap(api.GET("/api/v1/aftersales/counts")), enabled });
}

export function useCase(caseNo: string) {
  return useQuery({
    queryKey: ["aftersales", "one", caseNo],
    queryFn: () => unwrap(api.GET("/api/v1/aftersales/{case_no}", at(caseNo))),
    // The other side and the clock move it too.
    refetchInterval: (query) => (query.state.data?.closed_at ? false : 20_000),
  });
}

function useAfterwards() {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: ["aftersales"] });
    void client.invalidateQueries({ queryKey: ["orders"] });
  };
}

export function useOpenCase() {
  const afterwards = useAfterwards();
  return useMutation({ mutationFn: (body: AftersaleRequest) => unwrap(api.POST("/api/v1/aftersales", { body })), onSettled: afterwards });
}

export type CaseAct =
  | { step: "withdraw" | "confirm_replacement" }
  | { step: "escalate" | "statement"; text: string; picture_ids: number[] }
  | { step: "change"; reason: string; amount_minor: number | null; text: string; picture_ids: number[] }
  | { step: "answer_offer"; accept: boolean }
  | { step: "ship_return"; carrier_code: string; tracking_no: string }
  | { step: "pickup"; starts_at: string };

/** A step of the buyer, at the version that the page shows. */
export function useCaseAct(caseNo: string, version: number) {
  const afterwards = useAfterwards();
  return useMutation({
    mutationFn: (act: CaseAct) => unwrap(sendAct(caseNo, version, act)),
    onSettled: afterwards,
  });
}

function sendAct(caseNo: string, version: number, act: CaseAct) {
  switch (act.step) {
    case "withdraw":
      return api.POST("/api/v1/aftersales/{case_no}/withdraw", { ...at(caseNo), body: { version, text: "", picture_ids: [] } });
    case "confirm_replacement":
      return api.POST("/api/v1/aftersales/{case_no}/confirm-replacement", { ...at(caseNo), body: { version, text: "", picture_ids: [] } });
    case "escalate":
      return api.POST("/api/v1/aftersales/{case_no}/escalate", { ...at(caseNo), body: { version, text: act.text, picture_ids: act.picture_ids } });
    case "statement":
      return api.POST("/api/v1/aftersales/{case_no}/statements", { ...at(caseNo), body: { version, text: act.text, picture_ids: act.picture_ids } });
    case "change": {
      const { step: _, ...body } = act;
      return api.POST("/api/v1/aftersales/{case_no}/change", { ...at(caseNo), body: { version, ...body } });
    }
    case "answer_offer":
      return api.POST("/api/v1/aftersales/{case_no}/answer-offer", { ...at(caseNo), body: { version, accept: act.accept, text: "", picture_ids: [] } });
    case "pickup":
      return api.POST("/api/v1/aftersales/{case_no}/pickup", { ...at(caseNo), body: { version, starts_at: act.starts_at, text: "", picture_ids: [] } });
    case "ship_return": {
      const { step: _, ...body } = act;
      return api.POST("/api/v1/aftersales/{case_no}/ship-return", { ...at(caseNo), body: { version, ...body, text: "", picture_ids: [] } });
    }
  }
}

/** When a carrier can fetch the goods, for how much; null when none can. */
export function usePickup(caseNo: string) {
  return useQuery({ queryKey: ["aftersales", "pickup", caseNo], queryFn: () => unwrap(api.GET("/api/v1/aftersales/{case_no}/pickup", at(caseNo))), staleTime: 60_000 });
}

export function useCarriers(enabled: boolean) {
  return useQuery({ queryKey: ["carriers"], queryFn: () => unwrap(api.GET("/api/v1/carriers")), enabled, staleTime: Number.POSITIVE_INFINITY });
}

/** Uploads one picture of evidence for a case of this order; `signal` breaks it off. */
export async function uploadEvidence(orderNo: string, file: File, signal: AbortSignal): Promise<AftersalePicture> {
  const body = new FormData();
  body.append("file", file);
  const address = new URL(`/api/v1/orders/${encodeURIComponent(orderNo)}/aftersale-pictures`, globalThis.location.href);
  const response = await houseFetch(address.href, { method: "POST", body, signal });
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw toApiError(response.status, answer);
  return answer as AftersalePicture;
}
