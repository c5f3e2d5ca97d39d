import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Link } from "react-router";
import { Picture } from "../kit/basics";
import { BookButton } from "../live/BookButton";
import "../live/live.css";

/** Where a creator is live now, and what they plan. */
export function useCreatorRooms(creatorId: number) {
  return useQuery({
    queryKey: ["creator", creatorId, "rooms"],
    queryFn: () => unwrap(api.GET("/api/v1/live/creators/{creator_id}/rooms", { params: { path: { creator_id: creatorId } } })),
    refetchInterval: 30_000,
  });
}

/** Above a creator's tabs: in to the room that is on air, or be told when a planned one begins. Nothing without either. */
export function CreatorLive({ creatorId }: { creatorId: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const rooms = useCreatorRooms(creatorId);
  if (!rooms.data?.length) return null;
  return (
    <ul className="creator-rooms" aria-label={t("creator.live")}>
      {rooms.data.map((room) => (
        <li key={room.id} data-testid="creator-room" data-state={room.state}>
          <Link to={`/live/${room.id}`}>
            {room.cover_url ? <Picture url={room.cover_url} alt="" className="creator-room-cover" /> : null}
            {room.state === "scheduled" && room.scheduled_at ? <time dateTime={room.scheduled_at}>{format.dateTime(room.scheduled_at)}</time> : <span className="live-mark">{t("live.mark")}</span>}
            <b>{room.title}</b>
            <small className="muted">{room.state === "scheduled" ? t("live.bookings", { count: room.bookings }) : t("live.viewers", { count: room.viewers })}</small>
          </Link>
          {room.state === "scheduled" ? <BookButton creatorId={creatorId} roomId={room.id} booked={room.booked} /> : null}
        </li>
      ))}
    </ul>
  );
}
