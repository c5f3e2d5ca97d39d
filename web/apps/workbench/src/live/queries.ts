import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { components } from "@xingqu/client";
import { useEffect } from "react";
import { get, patch, post, postForm, put, remove } from "../api/http";
import type { Page } from "../api/types";
import type { PricingRoom, ShopRoomPrice } from "./prices";
import type { RoomFields } from "./RoomDialog";

type Schemas = components["schemas"];
export type DeskRoom = Schemas["DeskRoomOut"];
export type DeskRow = Schemas["DeskRoomRowOut"];
export type Figures = Schemas["DeskFiguresOut"];
export type StreamKey = Schemas["StreamKeyOut"];
export type Muted = Schemas["MutedOut"];
export type ChatLine = Schemas["ChatLineOut"];

const FIGURES_MS = 3_000;
const base = (shopId: number) => `/shops/${shopId}/live-rooms`;

export const roomsKey = (shopId: number) => ["live-rooms", shopId];
export const deskRoomsPage = (shopId: number) => (cursor: string | null, signal?: AbortSignal) => get<Page<DeskRow>>(base(shopId), { cursor }, signal);

export function useDeskRoom(shopId: number, roomId: number) {
  return useQuery({
    queryKey: ["live-room", shopId, roomId],
    queryFn: ({ signal }) => get<DeskRoom>(`${base(shopId)}/${roomId}`, undefined, signal),
    refetchInterval: (query) => (query.state.data && ["ended", "banned"].includes(query.state.data.state) ? 10_000 : 2_500),
  });
}

export function useFigures(shopId: number, roomId: number) {
  return useQuery({
    queryKey: ["live-figures", shopId, roomId],
    queryFn: ({ signal }) => get<Figures>(`${base(shopId)}/${roomId}/figures`, undefined, signal),
    refetchInterval: FIGURES_MS,
  });
}

export function useStreamKey(shopId: number, roomId: number, enabled: boolean) {
  return useQuery({ queryKey: ["live-key", shopId, roomId], queryFn: ({ signal }) => get<StreamKey>(`${base(shopId)}/${roomId}/stream-key`, undefined, signal), enabled });
}

export type Recording = Schemas["LiveRecordingOut"];

/** Addresses in it are good for an hour: it is asked for anew when it is opened. */
export function useRecordings(shopId: number, roomId: number, enabled: boolean) {
  return useQuery({ queryKey: ["live-recordings", shopId, roomId], queryFn: ({ signal }) => get<Recording[]>(`${base(shopId)}/${roomId}/recordings`, undefined, signal), enabled });
}

export function useMutes(shopId: number, roomId: number) {
  return useQuery({ queryKey: ["live-mutes", shopId, roomId], queryFn: ({ signal }) => get<Muted[]>(`${base(shopId)}/${roomId}/mutes`, undefined, signal) });
}

export type Selling = Schemas["LiveSellingOut"];

export function useSelling(shopId: number, roomId: number) {
  return useQuery({ queryKey: ["live-selling", shopId, roomId], queryFn: ({ signal }) => get<Selling>(`${base(shopId)}/${roomId}/selling`, undefined, signal), refetchInterval: 5_000 });
}

export interface Act {
  /** `form` sends the file that is its body. */
  verb: "post" | "put" | "patch" | "remove" | "form";
  path: string;
  body?: unknown;
}

const VERBS = { post, put, patch, remove: (path: string) => remove(path), form: (path: string, file: unknown) => postForm(path, formOf(file as File)) };

function formOf(file: File): FormData {
  const form = new FormData();
  form.set("file", file);
  return form;
}

/** One step on the desk; everything it shows is read again afterwards. */
export function useAct(shopId: number, roomId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ verb, path, body }: Act) => VERBS[verb](`${base(shopId)}/${roomId}${path}`, body),
    onSettled: () => Promise.all(["live-room", "live-mutes", "live-key", "live-selling"].map((key) => client.invalidateQueries({ queryKey: [key, shopId, roomId] }))),
  });
}

export function useCreateRoom(shopId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ cover, ...body }: RoomFields & { cover: File | null }) => {
      const room = await post<DeskRoom>(base(shopId), body);
      // The room stands, with or without its picture: what is wrong with it is told, and another can be chosen on the desk.
      if (!cover) return { room, refusal: null };
      return postForm<DeskRoom>(`${base(shopId)}/${room.id}/cover`, formOf(cover)).then(
        (shown) => ({ room: shown, refusal: null }),
        (refusal: unknown) => ({ room, refusal }),
      );
    },
    onSuccess: () => client.invalidateQueries({ queryKey: roomsKey(shopId) }),
  });
}

const prices = (shopId: number) => `/shops/${shopId}/live-prices`;

export const pricesPage = (shopId: number) => (cursor: string | null, signal?: AbortSignal) => get<Page<ShopRoomPrice>>(prices(shopId), { cursor }, signal);

export const pricingRoomsQuery = (shopId: number) => queryOptions({ queryKey: ["live-pricing-rooms", shopId], queryFn: ({ signal }) => get<PricingRoom[]>(`${prices(shopId)}/rooms`, undefined, signal) });

function usePriceStep<Given>(shopId: number, step: (given: Given) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: step, onSettled: () => Promise.all(["live-prices", "live-pricing-rooms"].map((key) => client.invalidateQueries({ queryKey: [key, shopId] }))) });
}

export const useGivePrice = (shopId: number) => usePriceStep(shopId, ({ roomId, itemId, body }: { roomId: number; itemId: number; body: unknown }) => post(`${base(shopId)}/${roomId}/items/${itemId}/prices`, body));

export const useEndPrice = (shopId: number) => usePriceStep(shopId, ({ roomId, saleId }: { roomId: number; saleId: number }) => post(`${base(shopId)}/${roomId}/sales/${saleId}/end`));

const READ_MS = 400;

/** What happens in the room is seen at once: each event has the desk read again. */
export function useDeskEvents(shopId: number, roomId: number, cursor: number | undefined) {
  const client = useQueryClient();
  const ready = cursor !== undefined;
  useEffect(() => {
    if (!ready || typeof EventSource === "undefined") return;
    const source = new EventSource(`/rt/live/${roomId}?as=desk`, { withCredentials: true });
    let timer = 0;
    // Lines of chat come many a second; once is often enough to read the desk.
    const read = () => {
      if (timer) return;
      timer = window.setTimeout(() => {
        timer = 0;
        void client.invalidateQueries({ queryKey: ["live-room", shopId, roomId] });
      }, READ_MS);
    };
    source.addEventListener("room", read);
    source.addEventListener("reset", read);
    return () => {
      source.close();
      window.clearTimeout(timer);
    };
  }, [client, shopId, roomId, ready]);
}
