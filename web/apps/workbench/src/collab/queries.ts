import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { components } from "@xingqu/client";
import { get, post, postForm, put } from "../api/http";
import type { Page } from "../api/types";

type Schemas = components["schemas"];
export type SampleOffer = Schemas["SampleOfferOut"];
export type Sample = Schemas["SampleOut"];
export type SampleDetail = Schemas["SampleDetailOut"];
export type SampleCounts = Schemas["SampleCountsOut"];
export type Collaboration = Schemas["CollaborationOut"];
export type CollaborationDetail = Schemas["CollaborationDetailOut"];
export type CollaborationCounts = Schemas["CollaborationCountsOut"];
export type Terms = Schemas["TermsOut"];
export type BreakOff = Schemas["BreakOffOut"];
export type PayStarted = Schemas["CustodyPayOut"];
export type RuleSets = Schemas["CollaborationRulesOut"];
type SampleList = Schemas["SampleListOut"];
type CollaborationList = Schemas["CollaborationListOut"];
type BatchResult = Schemas["SampleBatchOut"];

/** Who looks: a shop at its own address, or a creator at theirs. */
export interface Side {
  name: "merchant" | "creator";
  /** Where this side's rows stand in the API. */
  root: string;
  shopId: number;
  editable: boolean;
  /** Whether this person may spend the workplace's money. */
  mayPay: boolean;
}

export const PLATFORM = "/platform/collaborations";
export const sampleKey = (side: Side) => ["samples", side.root] as const;
export const collabKey = (root: string) => ["collaborations", root] as const;

export const samplesPage = (side: Side, queue: string, waiting_for?: string) => (cursor: string | null, signal?: AbortSignal) => get<Page<Sample>>(`${side.root}/samples`, { cursor, queue: queue === "all" ? null : queue, waiting_for }, signal);

export const offersPage = (side: Side) => (cursor: string | null, signal?: AbortSignal) => get<Page<SampleOffer>>(`${side.root}/sample-offers`, { cursor }, signal);

export const useSampleCounts = (side: Side) =>
  useQuery({ queryKey: [...sampleKey(side), "counts"], queryFn: async ({ signal }) => (await get<SampleList>(`${side.root}/samples`, { limit: 1 }, signal)).counts });

export const useSample = (side: Side, number: string | undefined) =>
  useQuery({ queryKey: [...sampleKey(side), "one", number], queryFn: ({ signal }) => get<SampleDetail>(`${side.root}/samples/${number}`, undefined, signal), enabled: Boolean(number) });

/** What a side does with samples; whatever was changed is read again, also after a refusal. */
export function useSampleActions(side: Side) {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: sampleKey(side) });
  const after = <T>(made: Promise<T>) => made.finally(() => void refresh());
  return {
    step: (sample: Sample, step: string, body: object = {}) => after(post<SampleDetail>(`${side.root}/samples/${sample.sample_no}/${step}`, { version: sample.version, ...body })),
    pay: (sample: Sample, way: string) => after(post<PayStarted>(`${side.root}/samples/${sample.sample_no}/pay`, { version: sample.version, way })),
    decide: (samples: Sample[], approve: boolean, text: string) => after(post<BatchResult>(`${side.root}/samples/decide`, { approve, text, samples: samples.map(({ sample_no, version }) => ({ sample_no, version })) })),
    ask: (body: object) => after(post<SampleDetail>(`${side.root}/samples`, body)),
    offer: (body: object) => after(post<SampleOffer>(`${side.root}/sample-offers`, body)),
    offerState: (offer: SampleOffer, state: string) => after(put<SampleOffer>(`${side.root}/sample-offers/${offer.id}/state`, { state })),
  };
}

export const collaborationsPage = (root: string, tab: string, waiting_for?: string) => (cursor: string | null, signal?: AbortSignal) => get<Page<Collaboration>>(`${root}/collaborations`, { cursor, tab: tab === "all" ? null : tab, waiting_for }, signal);

export const disputesPage = (cursor: string | null, signal?: AbortSignal) => get<Page<Collaboration>>(`${PLATFORM}/disputes`, { cursor }, signal);

export const useCollaborationCounts = (root: string) =>
  useQuery({ queryKey: [...collabKey(root), "counts"], queryFn: async ({ signal }) => (await get<CollaborationList>(`${root}/collaborations`, { limit: 1 }, signal)).counts });

/** `address` is of one collaboration: below a shop, a creator, or the platform. */
export const useCollaboration = (root: string, address: string | null) =>
  useQuery({ queryKey: [...collabKey(root), "one", address], queryFn: ({ signal }) => get<CollaborationDetail>(address ?? "", undefined, signal), enabled: address !== null });

export const useBreakOff = (address: string) => useQuery({ queryKey: ["break-off", address], queryFn: ({ signal }) => get<BreakOff>(`${address}/break-off`, undefined, signal), gcTime: 0, staleTime: 0 });

/** What is done with a collaboration at its address; whatever was changed is read again, also after a refusal. */
export function useCollaborationActions(root: string) {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: collabKey(root) });
  const after = <T>(made: Promise<T>) => made.finally(() => void refresh());
  return {
    invite: (body: object) => after(post<CollaborationDetail>(`${root}/collaborations`, body)),
    step: (address: string, step: string, body: object) => after(post<CollaborationDetail>(`${address}/${step}`, body)),
    fund: (address: string, version: number, way: string) => after(post<PayStarted>(`${address}/fund`, { version, way })),
    picture: (address: string, file: File) => {
      const form = new FormData();
      form.append("file", file);
      return postForm<{ id: number }>(`${address}/pictures`, form);
    },
  };
}

export const useRuleSets = () => useQuery({ queryKey: ["collaboration-rules"], queryFn: ({ signal }) => get<RuleSets>(`${PLATFORM}/rules`, undefined, signal) });

export function useAddRules() {
  const client = useQueryClient();
  return async (body: object) => {
    client.setQueryData(["collaboration-rules"], await post<RuleSets>(`${PLATFORM}/rules`, body));
  };
}
