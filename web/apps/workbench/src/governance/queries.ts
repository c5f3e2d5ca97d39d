import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { components } from "@xingqu/client";
import { get, post } from "../api/http";
import type { Page } from "../api/types";

type Schemas = components["schemas"];
export type Restriction = Schemas["NamedRestrictionOut"];
export type OwnRestriction = Schemas["RestrictionOut"];
export type FoundCreator = Schemas["FoundCreatorOut"];
export type RoomOnAir = Schemas["RoomOnAirOut"];

const ALL = "/platform/creator-restrictions";
export const QUEUES = ["in_force", "appealed", "over", "all"] as const;
export type Queue = (typeof QUEUES)[number];

export const restrictionsPage = (queue: Queue) => (cursor: string | null, signal?: AbortSignal) => get<Page<Restriction>>(ALL, { cursor, queue: queue === "all" ? null : queue }, signal);

export const useFoundCreators = (q: string) => useQuery({ queryKey: ["found-creators", q], queryFn: ({ signal }) => get<FoundCreator[]>("/platform/creators", { q }, signal), enabled: q.trim() !== "" });

export const useRoomsOnAir = () => useQuery({ queryKey: ["rooms-on-air"], queryFn: ({ signal }) => get<RoomOnAir[]>("/platform/live/rooms", undefined, signal), refetchInterval: 15_000 });

export const usePastRooms = (handle: string) => useQuery({ queryKey: ["past-rooms", handle], queryFn: ({ signal }) => get<RoomOnAir[]>("/platform/live/past-rooms", { handle }, signal) });

export const useRoomRecordings = (roomId: number) => useQuery({ queryKey: ["room-recordings", roomId], queryFn: ({ signal }) => get<Schemas["LiveRecordingOut"][]>(`/platform/live/rooms/${roomId}/recordings`, undefined, signal) });

export const useOwnRestrictions = (creatorId: number) => useQuery({ queryKey: ["own-restrictions", creatorId], queryFn: ({ signal }) => get<OwnRestriction[]>(`/creators/${creatorId}/restrictions`, undefined, signal) });

/** What operators do; lists are read again, also after a refusal. */
export function useGovernance() {
  const client = useQueryClient();
  const after = <T>(made: Promise<T>) =>
    made.finally(() => {
      void client.invalidateQueries({ queryKey: ["restrictions"] });
      void client.invalidateQueries({ queryKey: ["rooms-on-air"] });
      void client.invalidateQueries({ queryKey: ["past-rooms"] });
    });
  return {
    restrict: (body: object) => after(post<Restriction>(ALL, body)),
    answer: (id: number, body: object) => after(post<void>(`${ALL}/${id}/answer`, body)),
    lift: (id: number, body: object) => after(post<void>(`${ALL}/${id}/lift`, body)),
    endRoom: (id: number, reason: string) => after(post<void>(`/platform/live/rooms/${id}/end`, { reason })),
    banRoom: (id: number, reason: string) => after(post<void>(`/platform/live/rooms/${id}/ban`, { reason })),
  };
}
