import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@xingqu/client";
import { useEffect } from "react";
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

export function countClick(roomId: number, productId: number): void {
  void api.POST("/api/v1/live/rooms/{room_id}/clicks", { ...at(roomId), body: { product_id: productId } }).catch(() => undefined);
}

export function sendLikes(roomId: number, count: number): void {
  void fetch(`/rt/live/${roomId}/likes`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ count }), keepalive: true }).catch(() => undefined);
}

/** Listens from the room's cursor on; the browser reconnects by itself and goes on behind the last event. */
export function useRoomEvents(roomId: number, ready: boolean) {
  const client = useQueryClient();
  useEffect(() => {
    if (!ready || typeof EventSource === "undefined") return;
    const key = keyOf(roomId);
    const cursor = client.getQueryData<Room>(key)?.cursor ?? 0;
    const source = new EventSource(`/rt/live/${roomId}?cursor=${cursor}`, { withCredentials: true });
    const readAgain = () => void client.invalidateQueries({ queryKey: key });
    source.addEventListener("room", (message) => {
      const room = client.getQueryData<Room>(key);
      if (!room) return;
      const next = applyEvent(room, JSON.parse((message as MessageEvent<string>).data) as RoomEvent);
      if (next === null) readAgain();
      else client.setQueryData(key, next);
    });
    source.addEventListener("figures", (message) => {
      const figures = JSON.parse((message as MessageEvent<string>).data) as Figures;
      client.setQueryData<Room>(key, (room) => (room ? applyFigures(room, figures) : room));
    });
    source.addEventListener("reset", readAgain);
    return () => source.close();
  }, [client, roomId, ready]);
}
