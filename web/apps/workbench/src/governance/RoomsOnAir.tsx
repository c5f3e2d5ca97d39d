import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Skeleton, Space, Tag } from "antd";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import { RoomDialog } from "./dialogs";
import { type RoomOnAir, useRoomsOnAir } from "./queries";

/** What is on air, to look into, end or ban. */
export function RoomsOnAir() {
  const { t } = useTranslation();
  const format = useFormat();
  const rooms = useRoomsOnAir();
  const [doing, setDoing] = useState<{ room: RoomOnAir; step: "end" | "ban" } | null>(null);
  return (
    <section className="wb-panel wb-section" aria-labelledby="rooms-on-air">
      <h2 id="rooms-on-air">{t("governance.rooms")}</h2>
      {rooms.isPending && <Skeleton active paragraph={{ rows: 1 }} />}
      {rooms.isError && <ErrorView error={rooms.error} onRetry={() => void rooms.refetch()} />}
      {rooms.data?.length === 0 && <p className="wb-muted">{t("governance.no_rooms")}</p>}
      <ul className="wb-plain-list">
        {rooms.data?.map((room) => (
          <li key={room.id} className="wb-row-between" data-testid="room-on-air">
            <span>
              <a href={`/live/${room.id}`} target="_blank" rel="noopener">
                {room.title || `#${room.id}`}
              </a>{" "}
              <span className="wb-muted">
                {room.creator_name} @{room.creator_handle} {room.started_at && format.dateTime(room.started_at)}
              </span>{" "}
              {room.state !== "live" && <Tag>{t(`live.state.${room.state}`)}</Tag>}
            </span>
            <Space>
              {(["end", "ban"] as const).map((step) => (
                <Button key={step} size="small" danger={step === "ban"} onClick={() => setDoing({ room, step })} data-testid={`room-${step}`}>
                  {t(`governance.room.${step}`)}
                </Button>
              ))}
            </Space>
          </li>
        ))}
      </ul>
      {doing && <RoomDialog {...doing} onClose={() => setDoing(null)} />}
    </section>
  );
}
