import { queryOptions, useQueryClient } from "@tanstack/react-query";
import type { components } from "@xingqu/client";
import { get, post, postForm, put, remove } from "../api/http";
import type { MediaAsset, Work } from "../api/types";

type Schemas = components["schemas"];
export type Figures = Schemas["ContentFiguresOut"];
export type Captions = Schemas["CaptionsOut"];
export type Cue = Schemas["CueIn"];

export const figuresQuery = (shopId: number, contentId: number) =>
  queryOptions({ queryKey: ["work-figures", shopId, contentId], queryFn: ({ signal }) => get<Figures>(`/shops/${shopId}/contents/${contentId}/figures`, undefined, signal) });

export const captionsQuery = (shopId: number, contentId: number, language: string) =>
  queryOptions({
    queryKey: ["work-captions", shopId, contentId, language],
    queryFn: ({ signal }) => get<Captions>(`/shops/${shopId}/contents/${contentId}/captions/${language}`, undefined, signal),
  });

/** What is done around a work that stands; each gives the work as it is then. */
export function useDesk(shopId: number, contentId: number) {
  const client = useQueryClient();
  const base = `/shops/${shopId}/contents/${contentId}`;
  return {
    schedule: (at: string) => put<Work>(`${base}/schedule`, { at }),
    unschedule: () => remove<Work>(`${base}/schedule`),
    coverFrame: (at_ms: number) => put<Work>(`${base}/cover`, { at_ms: Math.round(at_ms) }),
    coverPicture: (file: File) => {
      const form = new FormData();
      form.set("file", file);
      return postForm<Work>(`${base}/cover`, form);
    },
    coverBack: () => remove<Work>(`${base}/cover`),
    trim: (assetId: number, start_ms: number, end_ms: number) => post<MediaAsset>(`/shops/${shopId}/assets/${assetId}/trim`, { start_ms, end_ms }),
    saveCaptions: async (language: string, body: { text: string } | { cues: Cue[] }) => {
      const saved = await put<Captions>(`${base}/captions/${language}`, body);
      client.setQueryData(captionsQuery(shopId, contentId, language).queryKey, saved);
      return saved;
    },
    dropCaptions: async (language: string) => {
      await remove<undefined>(`${base}/captions/${language}`);
      client.setQueryData(captionsQuery(shopId, contentId, language).queryKey, { language, cues: [] });
    },
  };
}
