import { queryOptions, useQuery } from "@tanstack/react-query";
import type { components } from "@xingqu/client";
import { get } from "../api/http";
import type { Page, Work } from "../api/types";
import { type PartnerDesks, contractsToAnswer } from "./home";

type Schemas = components["schemas"];
export type Profile = Schemas["CreatorPageOut"];
export type CreatorMoney = Schemas["CreatorMoneyOut"];

export const profileQuery = (shopId: number) =>
  queryOptions({ queryKey: ["profile", shopId], queryFn: ({ signal }) => get<Profile>(`/shops/${shopId}/profile`, undefined, signal) });

export const lastWorksQuery = (shopId: number) =>
  queryOptions({ queryKey: ["works", shopId, "last"], queryFn: async ({ signal }) => (await get<Page<Work>>(`/shops/${shopId}/contents`, { limit: 6 }, signal)).items });

/** What the account has earned and may still earn, by the state of its orders. */
export const moneyQuery = (creatorId: number) =>
  queryOptions({ queryKey: ["creator-money", creatorId], queryFn: ({ signal }) => get<CreatorMoney>(`/creators/${creatorId}/alliance/commissions`, { limit: 1 }, signal) });

/** A desk that this member may not read counts nothing, and is not asked again. */
const DESK = { refetchInterval: 60_000, retry: false } as const;

const useContractsToAnswer = (path: string, side: "creator" | "agency") =>
  useQuery({ queryKey: ["todos", path], queryFn: async ({ signal }) => contractsToAnswer((await get<Page<Schemas["ContractOut"]>>(path, { limit: 50 }, signal)).items, side), ...DESK }).data ?? 0;

/** What shops and agencies wait for from a creator. */
export function useCreatorDesks(shopId: number, creatorId: number): PartnerDesks {
  const root = `/creators/${creatorId}`;
  const samples = useQuery({ queryKey: ["todos", "samples", creatorId], queryFn: ({ signal }) => get<Schemas["SampleListOut"]>(`${root}/samples`, { limit: 1 }, signal), ...DESK });
  const collaborations = useQuery({ queryKey: ["todos", "collaborations", creatorId], queryFn: ({ signal }) => get<Schemas["CollaborationListOut"]>(`${root}/collaborations`, { limit: 1 }, signal), ...DESK });
  const contracts = useContractsToAnswer(`/shops/${shopId}/agencies`, "creator");
  const counts = samples.data?.counts;
  return { samples: counts ? counts.paying + counts.out : 0, collaborations: collaborations.data?.counts.mine ?? 0, contracts };
}

/** Contracts that an agency has to answer, and products that merchants enrolled in its activities. */
export function useAgencyDesks(shopId: number): { contracts: number; enrolments: number } {
  const activities = useQuery({ queryKey: ["todos", "activities", shopId], queryFn: ({ signal }) => get<Page<Schemas["ActivityOut"]>>(`/shops/${shopId}/activities`, { limit: 50 }, signal), ...DESK });
  const contracts = useContractsToAnswer(`/shops/${shopId}/signed-creators`, "agency");
  return { contracts, enrolments: (activities.data?.items ?? []).reduce((sum, row) => sum + row.waiting, 0) };
}
