import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@xingqu/client";
import type { components } from "@xingqu/client";
import { useEffect } from "react";
import { latencyNow, noteServerTime } from "./latency";
import { applyEvent, applyFigures, type Figures, type Room, type RoomEvent } from "./roomState";

const at = (roomId: number) => ({ params: { path: { room_id: roomId } } });
const keyOf = (roomId: number) => ["live-room", roomId];

export function useLiveRooms() {
  return useQuery({ queryKey: ["live-rooms"], queryFn: () => unwrap(api.GET("/api/v1/live/rooms")), refetchInterval: 20_000 });
}

export function useRoom(roomId: number) {
  return useQuery({ queryKey: keyOf(roomId), queryFn: () => unwrap(api.GET("/api/v1/live/rooms/{room_id}", at(roomId))), staleTime: Number.POSITIVE_INFINITY });
}

export function useSay(roomId: number) {
  return useMutation({ mutationFn: (text: string) => unwrap(api.POST("/api/v1/live/rooms/{room_id}/chat", { ...at(roomId), body: { text } })) });
}

/** What changes is told by events; this is for what only time changes. */
const REWARDS_MS = 60_000;

export type Rewards = components["schemas"]["LiveRewardsOut"];

export function useRewards(roomId: number) {
  return useQuery({ queryKey: ["live-rewards", roomId], queryFn: () => unwrap(api.GET("/api/v1/live/rooms/{room_id}/rewards", at(roomId))), refetchInterval: REWARDS_MS });
}

/** Takes a coupon, or enters a lucky bag; the word that a bag asks for is said first. */
export function useRewardAct(roomId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (what: { coupon: number } | { bag: number; word: string }) => {
      if ("coupon" in what) return unwrap(api.POST("/api/v1/live/rooms/{room_id}/coupons/{coupon_id}/claim", { params: { path: { room_id: roomId, coupon_id: what.coupon } } }));
      if (what.word) await unwrap(api.POST("/api/v1/live/rooms/{room_id}/chat", { ...at(roomId), body: { text: what.word } }));
      return unwrap(api.POST("/api/v1/live/rooms/{room_id}/lucky-bags/{bag_id}/enter", { params: { path: { room_id: roomId, bag_id: what.bag } } }));
    },
    onSuccess: (rewards) => client.setQueryData(["live-rewards", roomId], rewards),
  });
}

const WATCH_MS = 15_000;
/** In a large room one tells less often. */
const LARGE = 1_000;
const WATCH_LARGE_MS = 60_000;

/** Tells that one is here, and how long one watches: it shapes what is shown next; and how far behind the picture is. */
export function useWatch(roomId: number, onAir: boolean, viewers: number): void {
  const everyMs = viewers < LARGE ? WATCH_MS : WATCH_LARGE_MS;
  useEffect(() => {
    if (!onAir) return;
    const tell = (watched_ms: number) => void api.POST("/api/v1/live/rooms/{room_id}/watch", { ...at(roomId), body: { watched_ms, latency_ms: latencyNow() } }).catch(() => undefined);
    tell(0);
    const timer = window.setInterval(() => {
      if (document.visibilityState === "visible") tell(everyMs);
    }, everyMs);
    return () => window.clearInterval(timer);
  }, [roomId, onAir, everyMs]);
}

/** The room in which a creator is live now, if any. */
export function useLiveOf(creatorId: number | undefined, enabled: boolean) {
  const found = useQuery({
    queryKey: ["live-of", creatorId],
    queryFn: () => unwrap(api.GET("/api/v1/live/creators", { params: { query: { ids: String(creatorId) } } })),
    enabled: enabled && creatorId !== undefined,
    staleTime: 30_000,
  });
  return found.data?.[0]?.room_id;
}

export function countClick(roomId: number, productId: number): void {
  void api.POST("/api/v1/live/rooms/{room_id}/clicks", { ...at(roomId), body: { product_id: productId } }).catch(() => undefined);
}

/** The feed has shown a room: it is ranked by how many of those who saw it come in. */
export function tellShown(roomId: number): void {
  void api.POST("/api/v1/live/rooms/{room_id}/shown", at(roomId)).catch(() => undefined);
}

export function sendLikes(roomId: number, count: number): void {
  void fetch(`/rt/live/${roomId}/likes`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ count }), keepalive: true }).catch(() => undefined);
}

/** Milliseconds over which the viewers of a room read it again: a hundred reads a second or so, ten seconds at most. */
export function spreadOf(viewers: number): number {
  return viewers < 50 ? 0 : Math.min(10_000, viewers * 10);
}

/** Listens from the room's cursor on; the browser reconnects by itself and goes on behind the last event. */
export function useRoomEvents(roomId: number, ready: boolean) {
  const client = useQueryClient();
  useEffect(() => {
    if (!ready || typeof EventSource === "undefined") return;
    const key = keyOf(roomId);
    const cursor = client.getQueryData<Room>(key)?.cursor ?? 0;
    const source = new EventSource(`/rt/live/${roomId}?cursor=${cursor}`, { withCredentials: true });
    const timers = new Set<number>();
    /** All viewers hear of a change at one moment: in a large room each reads it at a moment of its own. */
    const later = (queryKey: unknown[]) => {
      const viewers = client.getQueryData<Room>(key)?.viewers ?? 0;
      const timer = window.setTimeout(() => {
        timers.delete(timer);
        void client.invalidateQueries({ queryKey });
      }, Math.random() * spreadOf(viewers));
      timers.add(timer);
    };
    const readAgain = () => later(key);
    source.addEventListener("room", (message) => {
      if (/"kind":"(coupon|lucky_)/.test((message as MessageEvent<string>).data)) later(["live-rewards", roomId]);
      const room = client.getQueryData<Room>(key);
      if (!room) return;
      const next = applyEvent(room, JSON.parse((message as MessageEvent<string>).data) as RoomEvent);
      if (next === null) readAgain();
      else client.setQueryData(key, next);
    });
    source.addEventListener("figures", (message) => {
      const figures = JSON.parse((message as MessageEvent<string>).data) as Figures;
      noteServerTime(figures.at_ms);
      client.setQueryData<Room>(key, (room) => (room ? applyFigures(room, figures) : room));
    });
    source.addEventListener("reset", readAgain);
    return () => {
      source.close();
      for (const timer of timers) window.clearTimeout(timer);
    };
  }, [client, roomId, ready]);
}
