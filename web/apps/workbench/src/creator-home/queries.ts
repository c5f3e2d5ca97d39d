import { queryOptions } from "@tanstack/react-query";
import type { components } from "@xingqu/client";
import { get } from "../api/http";
import type { Page, Work } from "../api/types";

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
