import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { Price } from "../kit/basics";
import { Icon } from "../kit/Icon";
import "./live.css";
import { LivePreview } from "./LivePlayer";
import { tellShown } from "./queries";

const AGAIN_MS = 15_000;

/** The live room that fits this viewer best, to look into from the feed; gone as soon as it ends. */
export function LiveTeaser() {
  const { t } = useTranslation();
  const format = useFormat();
  const [closed, setClosed] = useState<number[]>([]);
  const exclude = closed.join(",");
  const rooms = useQuery({
    queryKey: ["feed-live", exclude],
    queryFn: () => unwrap(api.GET("/api/v1/feed/live", { params: { query: { size: 1, ...(exclude ? { exclude } : {}) } } })),
    refetchInterval: AGAIN_MS,
  });
  const room = rooms.data?.[0];
  const roomId = room?.id;
  useEffect(() => {
    if (roomId !== undefined) tellShown(roomId);
  }, [roomId]);
  if (!room) return null;
  return (
    <aside className="live-teaser" data-testid="live-teaser" data-room-id={room.id} aria-label={t("live.teaser", { name: format.displayName(room.creator) })}>
      <Link to={`/live/${room.id}`} className="live-teaser-link">
        <LivePreview key={room.play_url} url={room.play_url} label={room.title} cover={room.cover_url} />
        <span className="live-mark">{t("live.mark")}</span>
        <b>{room.title}</b>
        {room.is_ai_host ? <small>{t("live.ai_host")}</small> : null}
        <small>{t("live.viewers", { count: room.viewers })}</small>
        {room.explained ? (
          <small className="live-teaser-product">
            {room.explained.short_name || room.explained.name} <Price money={room.explained.price} size="sm" />
          </small>
        ) : null}
      </Link>
      <button type="button" className="live-teaser-close" aria-label={t("live.teaser_close")} onClick={() => setClosed([...closed, room.id])}>
        <Icon name="close" size={16} />
      </button>
    </aside>
  );
}
