import { useQuery } from "@tanstack/react-query";
import type { components } from "@xingqu/client";
import { get } from "../api/http";

type Schemas = components["schemas"];
export type Reputation = Schemas["ReputationOut"];
export type ReputationRules = Schemas["ReputationRulesIO"];
export type ReputationRulesPage = Schemas["ReputationRulesPageOut"];
export type Behind = Schemas["CreatorBehindListOut"];

export const useReputation = (creatorId: number | undefined) =>
  useQuery({ queryKey: ["reputation", creatorId], queryFn: ({ signal }) => get<Reputation>(`/creators/${creatorId}/reputation`, undefined, signal), enabled: creatorId !== undefined });

export const useBehind = (creatorId: number, indicator: string) =>
  useQuery({ queryKey: ["reputation-rows", creatorId, indicator], queryFn: ({ signal }) => get<Behind>(`/creators/${creatorId}/reputation/rows`, { indicator }, signal) });
