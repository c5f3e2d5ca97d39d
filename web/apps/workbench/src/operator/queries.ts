import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { get, post } from "../api/http";
import type { ChannelReportPage, FoundPerson, Lookup, LookupRow, Page, PersonState, Preview, TrainingList } from "../api/types";

const RUNNING_MS = 15_000;

export function useSearchPeople() {
  return useMutation({
    mutationFn: (asked: { query: string; reason: string }) => post<{ items: FoundPerson[] }>("/operator/people/search", asked),
  });
}

export function useOpenLookup() {
  return useMutation({
    mutationFn: (asked: { actor_key: string; reason: string }) => post<Lookup>("/operator/lookups", asked),
  });
}

export function usePersonState(lookupId: number) {
  return useQuery({
    queryKey: ["person-state", lookupId],
    queryFn: ({ signal }) => get<PersonState>(`/operator/lookups/${lookupId}`, undefined, signal),
    retry: false,
    gcTime: 0,
  });
}

/** The page the engine would serve; nothing happens by asking. */
export function usePreview(lookupId: number, size: number, seed: number) {
  return useQuery({
    queryKey: ["preview", lookupId, size, seed],
    queryFn: ({ signal }) => get<Preview>(`/operator/lookups/${lookupId}/page`, { size, seed }, signal),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    retry: false,
    gcTime: 0,
  });
}

export function useLookups() {
  return useInfiniteQuery({
    queryKey: ["lookups"],
    queryFn: ({ pageParam, signal }) => get<Page<LookupRow>>("/operator/lookups", { cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    retry: false,
  });
}

export function useTrainings() {
  return useQuery({
    queryKey: ["trainings"],
    queryFn: ({ signal }) => get<TrainingList>("/operator/trainings", { limit: 200 }, signal),
    refetchInterval: (query) => (query.state.data?.items.some((row) => row.state === "running") ? RUNNING_MS : false),
    retry: false,
  });
}

export function useChannelReport() {
  return useQuery({
    queryKey: ["channel-report"],
    queryFn: ({ signal }) => get<ChannelReportPage>("/operator/channels", undefined, signal),
    retry: false,
  });
}
