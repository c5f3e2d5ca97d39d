import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { components } from "@xingqu/client";
import { get, post, put, remove } from "../api/http";
import type { Page } from "../api/types";

type Schemas = components["schemas"];
export type Offer = Schemas["SelectionItemOut"];
export type OfferDetail = Schemas["SelectionDetailOut"];
export type Portrait = Schemas["PortraitOut"];
export type Listing = Schemas["ListingOut"];
export type SquareCreator = Schemas["SquareCreatorOut"];
export type SquareDetail = Schemas["SquareCreatorDetailOut"];
export type Reason = Schemas["MatchReasonOut"];
export type Pool = Schemas["ProductPoolOut"];
export type PoolDetail = Schemas["ProductPoolDetailOut"];
export type CreatorPool = Schemas["CreatorPoolOut"];
export type LiftReport = Schemas["LiftReportOut"];
export type Query = Record<string, string | number | undefined>;
type Selection = Schemas["SelectionOut"];
type Square = Schemas["SquareOut"];

const ofCreator = (creatorId: number) => `/creators/${creatorId}`;

export const selectionPage = (creatorId: number, query: Query) => (cursor: string | null, signal?: AbortSignal) =>
  get<Selection>(`${ofCreator(creatorId)}/selection`, { ...query, cursor, limit: 24 }, signal);

export const useOffer = (creatorId: number, productId: number) =>
  useQuery({ queryKey: ["selection", creatorId, "detail", productId], queryFn: ({ signal }) => get<OfferDetail>(`${ofCreator(creatorId)}/selection/${productId}`, undefined, signal) });

export const usePortrait = (creatorId: number) => useQuery({ queryKey: ["audience", creatorId], queryFn: ({ signal }) => get<Portrait>(`${ofCreator(creatorId)}/audience`, undefined, signal) });

export const useListing = (creatorId: number) => useQuery({ queryKey: ["listing", creatorId], queryFn: ({ signal }) => get<Listing>(`${ofCreator(creatorId)}/listing`, undefined, signal) });

export const useCreatorPools = (creatorId: number) =>
  useQuery({ queryKey: ["creator-pools", creatorId], queryFn: async ({ signal }) => (await get<{ items: CreatorPool[] }>(`${ofCreator(creatorId)}/product-pools`, undefined, signal)).items });

export const useCreatorPool = (creatorId: number, poolId: number) =>
  useQuery({
    queryKey: ["creator-pools", creatorId, poolId],
    queryFn: ({ signal }) => get<Schemas["CreatorPoolDetailOut"]>(`${ofCreator(creatorId)}/product-pools/${poolId}`, undefined, signal),
  });

/** What a creator changes; what was read of it is read again. */
export function useCreatorActions(creatorId: number) {
  const client = useQueryClient();
  return {
    takeUp: async (offer: Offer) => {
      const plan_id = offer.kind === "colonel_activity" ? offer.plan_id : null;
      await post(`${ofCreator(creatorId)}/alliance/links`, { product_id: offer.product.id, plan_id });
      await Promise.all([client.invalidateQueries({ queryKey: ["selection", creatorId] }), client.invalidateQueries({ queryKey: ["creator-pools", creatorId] })]);
    },
    openPool: async (key: string) => {
      const pool = await post<Schemas["CreatorPoolDetailOut"]>(`${ofCreator(creatorId)}/product-pools/opened`, { key });
      await client.invalidateQueries({ queryKey: ["creator-pools", creatorId] });
      return pool.id;
    },
    link: async (productId: number) => (await post<Schemas["LinkOut"]>(`${ofCreator(creatorId)}/alliance/links`, { product_id: productId })).pick_source,
    list: async (listing: Listing) => {
      client.setQueryData(["listing", creatorId], await put<Listing>(`${ofCreator(creatorId)}/listing`, listing));
    },
  };
}

export const squarePage = (shopId: number, query: Query) => (cursor: string | null, signal?: AbortSignal) =>
  get<Square>(`/shops/${shopId}/creator-square`, { ...query, cursor, limit: 24 }, signal);

export const useSquareCreator = (shopId: number, creatorId: number, productId: number | undefined) =>
  useQuery({
    queryKey: ["square", shopId, "detail", creatorId, productId],
    queryFn: ({ signal }) => get<SquareDetail>(`/shops/${shopId}/creator-square/${creatorId}`, { product_id: productId }, signal),
  });

const pools = (shopId: number) => `/shops/${shopId}/product-pools`;

export const poolsPage = (shopId: number, shared: boolean) => (cursor: string | null, signal?: AbortSignal) => get<Page<Pool>>(pools(shopId), { shared, cursor }, signal);

export const usePool = (shopId: number, poolId: number) =>
  useQuery({ queryKey: ["product-pools", shopId, poolId], queryFn: ({ signal }) => get<PoolDetail>(`${pools(shopId)}/${poolId}`, undefined, signal) });

export const useSuitingCreators = (shopId: number, poolId: number, own: boolean) =>
  useQuery({
    queryKey: ["product-pools", shopId, poolId, "creators"],
    queryFn: async ({ signal }) => (await get<Schemas["SuitingCreatorsOut"]>(`${pools(shopId)}/${poolId}/creators`, undefined, signal)).items,
    enabled: own,
  });

export const useLift = (shopId: number) => useQuery({ queryKey: ["product-pools", shopId, "lift"], queryFn: ({ signal }) => get<LiftReport>(`${pools(shopId)}/lift`, undefined, signal) });

export const usePreview = (shopId: number, rule: unknown) =>
  useQuery({ queryKey: ["product-pools", shopId, "preview", rule], queryFn: () => post<Schemas["PoolPreviewOut"]>(`${pools(shopId)}/preview`, rule) });

/** What a shop or an agency does with its pools. */
export function usePoolActions(shopId: number) {
  const client = useQueryClient();
  const done = () => client.invalidateQueries({ queryKey: ["product-pools", shopId] });
  return {
    make: async (body: unknown) => {
      await post(pools(shopId), body);
      await done();
    },
    share: async (poolId: number, creator_ids: number[], organisation_ids: number[]) => {
      await put(`${pools(shopId)}/${poolId}/shares`, { creator_ids, organisation_ids });
      await done();
    },
    change: async (poolId: number, body: unknown) => {
      await put(`${pools(shopId)}/${poolId}`, body);
      await done();
    },
    link: async (poolId: number, isLinked: boolean) => {
      await (isLinked ? put(`${pools(shopId)}/${poolId}/link`, {}) : remove(`${pools(shopId)}/${poolId}/link`));
      await done();
    },
    give: async (poolId: number, creator_ids: number[]) => {
      await put(`${pools(shopId)}/${poolId}/gifts`, { creator_ids });
      await done();
    },
    close: async (poolId: number) => {
      await post(`${pools(shopId)}/${poolId}/close`, {});
      await done();
    },
  };
}
