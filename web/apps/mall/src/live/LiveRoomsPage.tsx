import { useFormat, useTranslation } from "@xingqu/i18n";
import { Link } from "react-router";
import { Avatar, Picture } from "../kit/basics";
import { EmptyState, ErrorState, SkeletonRows } from "../kit/states";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import "./live.css";
import { LivePreview } from "./LivePlayer";
import { useLiveRooms } from "./queries";

/** Who is live now, and who will be. */
export function LiveRoomsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  useTitle(t("live.title"));
  const rooms = useLiveRooms();
  return (
    <main className="page" data-testid="live-rooms">
      <PageHead title={t("live.title")} />
      {rooms.isPending ? <SkeletonRows count={4} /> : null}
      {rooms.isError ? <ErrorState error={rooms.error} onRetry={() => void rooms.refetch()} /> : null}
      {rooms.data?.length === 0 ? <EmptyState icon="feed" title={t("live.none")} hint={t("live.none_hint")} action={<Link className="button" to="/">{t("nav.feed")}</Link>} /> : null}
      <ul className="live-grid">
        {rooms.data?.map((room) => (
          <li key={room.id}>
            <Link className="live-card" to={`/live/${room.id}`}>
              {room.play_url ? <LivePreview url={room.play_url} label={room.title} cover={room.cover_url} /> : <Picture url={room.cover_url || room.creator.avatar_url} alt="" className="live-card-picture" />}
              <span className="live-mark">{room.state === "scheduled" && room.scheduled_at ? format.dateTime(room.scheduled_at) : t("live.mark")}</span>
              <b>{room.title}</b>
              {room.is_ai_host ? <small>{t("live.ai_host")}</small> : null}
              {room.explained ? <small>{t("live.explaining")}: {room.explained.short_name || room.explained.name}</small> : null}
              <span className="live-card-host">
                <Avatar url={room.creator.avatar_url} name={room.creator.display_name} size={20} /> {format.displayName(room.creator)}
                {room.state === "scheduled" ? null : <small> · {t("live.viewers", { count: room.viewers })}</small>}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </main>
  );
}
