import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Input, Modal, Skeleton, Space, Tag } from "antd";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import "../live/live.css";
import { RecordingList } from "../live/RecordingList";
import { RoomDialog } from "./dialogs";
import { type RoomOnAir, usePastRooms, useRoomRecordings } from "./queries";

/** Rooms that are over: what was recorded of them, and taking their replays away. */
export function PastRooms() {
  const { t } = useTranslation();
  const format = useFormat();
  const [handle, setHandle] = useState("");
  const rooms = usePastRooms(handle);
  const [watched, setWatched] = useState<RoomOnAir | null>(null);
  const [banned, setBanned] = useState<RoomOnAir | null>(null);
  return (
    <section className="wb-panel wb-section" aria-labelledby="past-rooms">
      <h2 id="past-rooms">{t("governance.past_rooms")}</h2>
      <Input.Search className="wb-full" allowClear maxLength={40} placeholder={t("governance.past_of")} aria-label={t("governance.past_of")} onSearch={(value) => setHandle(value.trim())} data-testid="past-rooms-of" />
      {rooms.isPending && <Skeleton active paragraph={{ rows: 1 }} />}
      {rooms.isError && <ErrorView error={rooms.error} onRetry={() => void rooms.refetch()} />}
      {rooms.data?.length === 0 && <p className="wb-muted">{t("governance.no_past_rooms")}</p>}
      <ul className="wb-plain-list">
        {rooms.data?.map((room) => (
          <li key={room.id} className="wb-row-between" data-testid="past-room">
            <span>
              {room.title || `#${room.id}`}{" "}
              <span className="wb-muted">
                {room.creator_name} @{room.creator_handle} {room.ended_at && format.dateTime(room.ended_at)}
              </span>{" "}
              {room.state === "banned" && <Tag color="magenta">{t("live.state.banned")}</Tag>}
            </span>
            <Space>
              <Button size="small" onClick={() => setWatched(room)} data-testid="past-room-recordings">
                {t("live.recordings")}
              </Button>
              {room.state !== "banned" && (
                <Button size="small" danger onClick={() => setBanned(room)}>
                  {t("governance.room.ban")}
                </Button>
              )}
            </Space>
          </li>
        ))}
      </ul>
      {watched && <Recordings room={watched} onClose={() => setWatched(null)} />}
      {banned && <RoomDialog room={banned} step="ban" onClose={() => setBanned(null)} />}
    </section>
  );
}

function Recordings({ room, onClose }: { room: RoomOnAir; onClose: () => void }) {
  const { t } = useTranslation();
  const rows = useRoomRecordings(room.id);
  return (
    <Modal open title={`${t("live.recordings")}: ${room.title}`} footer={null} onCancel={onClose}>
      {rows.isPending && <Skeleton active paragraph={{ rows: 1 }} />}
      {rows.isError && <ErrorView error={rows.error} onRetry={() => void rows.refetch()} />}
      {rows.data && <RecordingList rows={rows.data} />}
    </Modal>
  );
}
