import { useQuery, useQueryClient } from "@tanstack/react-query";
import { get, patch, post, remove } from "../api/http";
import type { MediaAsset, Page, Work } from "../api/types";
import type { FetchPage } from "../table/use-pages";

export interface WorkFilters {
  q?: string | undefined;
  state?: string | undefined;
}

export function worksFetcher(shopId: number, filters: WorkFilters): FetchPage<Work> {
  return (cursor, signal) => get<Page<Work>>(`/shops/${shopId}/contents`, { ...filters, cursor, limit: 48 }, signal);
}

export function useWork(shopId: number, contentId: number | null) {
  return useQuery({
    queryKey: ["work", shopId, contentId],
    queryFn: ({ signal }) => get<Work>(`/shops/${shopId}/contents/${contentId}`, undefined, signal),
    enabled: contentId !== null,
    staleTime: 0,
  });
}

const POLL_MS = 1500;

export function assetKey(shopId: number, assetId: number) {
  return ["asset", shopId, assetId];
}

function finished(asset: MediaAsset | undefined): boolean {
  return asset?.state === "ready" || asset?.state === "failed";
}

/** An uploaded file, asked for again until it is ready or has failed. */
export function useAsset(shopId: number, assetId: number) {
  return useQuery({
    queryKey: assetKey(shopId, assetId),
    queryFn: ({ signal }) => get<MediaAsset>(`/shops/${shopId}/assets/${assetId}`, undefined, signal),
    refetchInterval: (query) => (finished(query.state.data) ? false : POLL_MS),
  });
}

export interface WorkBody {
  kind: "video" | "picture";
  title: string;
  caption: string;
  tags: string[];
  creator_id: number | null;
  asset_ids: number[];
  anchors: { product_id: number; label: string; show_from_ms: number | null; show_until_ms: number | null }[];
}

export function useWorkActions(shopId: number) {
  const client = useQueryClient();
  const base = `/shops/${shopId}/contents`;
  const refresh = () =>
    Promise.all(
      ["works", "today"].map((key) => client.invalidateQueries({ queryKey: [key, shopId] })),
    );
  return {
    refresh,
    create: (body: WorkBody) => post<Work>(base, body),
    update: (work: Work, body: WorkBody) => {
      const { kind: _fixed, ...changes } = body;
      return patch<Work>(`${base}/${work.id}`, { ...changes, version: work.version });
    },
    publish: (contentId: number) => post<Work>(`${base}/${contentId}/publish`),
    unpublish: (contentId: number) => post<Work>(`${base}/${contentId}/unpublish`),
    destroy: (contentId: number) => remove<undefined>(`${base}/${contentId}`),
    retryAsset: async (assetId: number) => {
      const asset = await post<MediaAsset>(`/shops/${shopId}/assets/${assetId}/retry`);
      client.setQueryData(assetKey(shopId, assetId), asset);
      return asset;
    },
  };
}

interface CreatorChoice {
  id: number;
  handle: string;
  display_name: string;
}

/** The accounts that the shop may publish as. */
export function useShopCreators(shopId: number) {
  return useQuery({
    queryKey: ["shop-creators", shopId],
    queryFn: async ({ signal }) =>
      (await get<Page<CreatorChoice>>(`/organisations/${shopId}/creators`, undefined, signal)).items,
    staleTime: 5 * 60_000,
  });
}
