import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { components } from "@xingqu/client";
import { get } from "../api/http";
import type { AfterSaleCounts, Page, Today } from "../api/types";
import { useShopState } from "../onboarding/queries";
import type { DeskCounts } from "./todos";

type Schemas = components["schemas"];

export function useToday(shopId: number) {
  return useQuery({
    queryKey: ["today", shopId],
    queryFn: ({ signal }) => get<Today>(`/shops/${shopId}/today`, undefined, signal),
    refetchInterval: 60_000,
  });
}

/** GMV against the period before, and what moved it. */
export function useGmvChange(shopId: number, period: Schemas["GmvChangeOut"]["period"]) {
  return useQuery({
    queryKey: ["today", shopId, "gmv-change", period],
    queryFn: ({ signal }) => get<Schemas["GmvChangeOut"]>(`/shops/${shopId}/gmv-change`, { period }, signal),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
}

/** How many works stand in each state; a state without any is absent. */
export function useWorkCounts(shopId: number) {
  return useQuery({
    queryKey: ["today", shopId, "work-counts"],
    queryFn: ({ signal }) => get<Record<string, number>>(`/shops/${shopId}/contents/counts`, undefined, signal),
  });
}

/** How many rows a filtered list has, counted up to one page of 50. */
export function useRowCount(shopId: number, list: "products", state?: string) {
  return useQuery({
    queryKey: ["today", shopId, "rows", list, state ?? "all"],
    queryFn: async ({ signal }) => {
      const page = await get<Page<unknown>>(`/shops/${shopId}/${list}`, { state, limit: 50 }, signal);
      return page.items.length;
    },
  });
}

/** What waits at the other desks. A desk that this member may not read is left out, and is not asked again. */
export function useDeskCounts(shopId: number): DeskCounts {
  const root = `/shops/${shopId}`;
  const options = { refetchInterval: 60_000, retry: false } as const;
  const cases = useQuery({ queryKey: ["today", shopId, "cases"], queryFn: ({ signal }) => get<AfterSaleCounts>(`${root}/aftersales/counts`, undefined, signal), ...options });
  const chats = useQuery({ queryKey: ["today", shopId, "chats"], queryFn: ({ signal }) => get<Schemas["SupportCountsOut"]>(`${root}/chats/counts`, undefined, signal), ...options });
  const reviews = useQuery({ queryKey: ["today", shopId, "reviews"], queryFn: ({ signal }) => get<Schemas["ReviewCountsOut"]>(`${root}/reviews/counts`, undefined, signal), ...options });
  const deposit = useQuery({ queryKey: ["today", shopId, "deposit"], queryFn: ({ signal }) => get<Schemas["DepositStandingOut"]>(`${root}/funds/deposit`, undefined, signal), retry: false });
  const papers = useShopState(shopId).data?.papers;
  const contracts = useQuery({ queryKey: ["today", shopId, "contracts"], queryFn: ({ signal }) => get<Schemas["CollaborationListOut"]>(`${root}/collaborations`, { limit: 1 }, signal), retry: false });
  const asked = useQuery({ queryKey: ["today", shopId, "samples"], queryFn: ({ signal }) => get<Schemas["SampleListOut"]>(`${root}/samples`, { limit: 1 }, signal), retry: false }).data?.counts;
  return {
    ...(papers ? { papers_expired: papers.expired, papers_expiring: papers.expiring } : {}),
    ...(contracts.data ? { contracts_ending: contracts.data.counts.ending, collaborations: contracts.data.counts.mine } : {}),
    ...(asked ? { samples: asked.applied + asked.to_ship + asked.extension + asked.declared } : {}),
    ...(cases.data ? { cases_soon: cases.data.timed_soon, cases: cases.data.to_review + cases.data.to_confirm + cases.data.to_ship + cases.data.to_show } : {}),
    ...(chats.data ? { chats: chats.data.waiting, chats_late: chats.data.late } : {}),
    ...(reviews.data ? { reviews: reviews.data.unanswered + reviews.data.follow_up_unanswered, review_cases: reviews.data.to_act } : {}),
    ...(deposit.data && deposit.data.short_minor > 0 ? { deposit_short: 1 } : {}),
  };
}
