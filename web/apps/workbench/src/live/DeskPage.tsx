import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, Button, Popconfirm, Skeleton, Space, Tag } from "antd";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { DeskChat } from "./DeskChat";
import { DeskCover } from "./DeskCover";
import { DeskFigures } from "./DeskFigures";
import { DeskReview } from "./DeskReview";
import { DeskItems } from "./DeskItems";
import { DeskSelling } from "./DeskSelling";
import { DeskStream } from "./DeskStream";
import "./live.css";
import { type DeskRoom, useAct, useDeskEvents, useDeskRoom, useRecordings } from "./queries";
import { RecordingList } from "./RecordingList";
import { RoomDialog } from "./RoomDialog";
import { STATE_COLOURS, stepsOf } from "./states";

const OVER = new Set(["ended", "banned"]);

export interface DeskProps {
  room: DeskRoom;
  act: ReturnType<typeof useAct>;
  editable: boolean;
}

/** The control desk of a live room. */
export default function DeskPage() {
  const shop = useShop();
  const roomId = Number(useParams().roomId);
  const room = useDeskRoom(shop.id, roomId);
  const act = useAct(shop.id, roomId);
  useDeskEvents(shop.id, roomId, room.data?.cursor);
  if (room.isError && !room.data) return <ErrorView error={room.error} onRetry={() => void room.refetch()} />;
  if (!room.data) return <Skeleton active className="wb-panel" />;
  const props = { room: room.data, act, editable: mayEdit(shop.permissions, "live") };
  return (
    <div className="wb-page" data-testid="live-desk" data-state={room.data.state}>
      <Head {...props} shopId={shop.id} />
      {act.isError && <ErrorView error={act.error} />}
      <Notes room={room.data} />
      <div className="live-desk">
        <DeskItems {...props} />
        <div className="live-desk-middle">
          <DeskFigures shopId={shop.id} roomId={roomId} />
          {props.room.started_at && <DeskReview shopId={shop.id} roomId={roomId} />}
          <DeskSelling {...props} shopId={shop.id} />
          <DeskStream {...props} shopId={shop.id} />
          <DeskCover {...props} />
          <Cuts room={room.data} shopId={shop.id} />
          {props.editable && room.data.started_at && <Recordings shopId={shop.id} roomId={roomId} />}
        </div>
        <DeskChat {...props} shopId={shop.id} />
      </div>
    </div>
  );
}

function Head({ room, act, editable, shopId }: DeskProps & { shopId: number }) {
  const { t } = useTranslation();
  const [setting, setSetting] = useState(false);
  const steps = editable ? stepsOf(room.state) : [];
  const take = (name: string) => act.mutate({ verb: "post", path: `/${name}` });
  const actions = steps.map((step) => {
    const button = (
      <Button
        key={step.name}
        type={step.primary ? "primary" : "default"}
        danger={step.asks}
        disabled={step.needsStream && !room.stream.arriving}
        loading={act.isPending && act.variables?.path === `/${step.name}`}
        onClick={step.asks ? undefined : () => take(step.name)}
        data-testid={`live-${step.name}`}
      >
        {t(step.name === "end" && room.state === "scheduled" ? "live.step.cancel" : `live.step.${step.name}`)}
      </Button>
    );
    if (!step.asks) return button;
    return (
      <Popconfirm key={step.name} title={t("live.end_sure")} description={t("live.end_help")} onConfirm={() => take(step.name)}>
        {button}
      </Popconfirm>
    );
  });
  const settings = editable && !OVER.has(room.state) && (
    <Button onClick={() => setSetting(true)} data-testid="live-settings">
      {t("live.settings")}
    </Button>
  );
  return (
    <PageHead
      title={room.title}
      note={
        <Space>
          <Tag color={STATE_COLOURS[room.state]}>{t(`live.state.${room.state}`)}</Tag>
          {room.is_ai_host && <Tag data-testid="live-ai-mark">{t("live.ai_host")}</Tag>}
          <a href={`/live/${room.id}`} target="_blank" rel="noreferrer">
            {t("live.watch")}
          </a>
        </Space>
      }
      back={<Link to={`/shops/${shopId}/live`}>{t("rooms.live")}</Link>}
      actions={
        <Space wrap>
          {settings}
          {actions}
          {setting && <RoomDialog room={room} busy={act.isPending} error={act.isError && <ErrorView error={act.error} />} onSave={(body) => act.mutate({ verb: "patch", path: "", body }, { onSuccess: () => setSetting(false) })} onClose={() => setSetting(false)} />}
        </Space>
      }
    />
  );
}

function Notes({ room }: { room: DeskRoom }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (room.state === "banned") return <Alert type="error" showIcon title={t("live.banned", { reason: room.ban_reason })} />;
  if (room.state === "ended" && room.end_reason === "platform") return <Alert type="error" showIcon title={t("governance.room.ended", { reason: room.ban_reason })} />;
  if (room.deadline) return <Alert type="warning" showIcon title={t(`live.deadline.${room.state === "paused" ? "paused" : "interrupted"}`, { time: format.dateTime(room.deadline) })} />;
  if (room.state === "scheduled" && !room.stream.arriving) return <Alert type="info" showIcon title={t("live.push_first")} />;
  return null;
}

function Cuts({ room, shopId }: { room: DeskRoom; shopId: number }) {
  const { t } = useTranslation();
  if (room.cuts.length === 0) return null;
  return (
    <section className="wb-panel" aria-label={t("live.cuts")}>
      <h2 className="live-desk-title">{t("live.cuts")}</h2>
      <ul className="live-cuts">
        {room.cuts.map((cut) => (
          <li key={cut.id}>
            {cut.product_ids.length > 0 ? t("live.clip") : t("live.replay")} · {Math.round(cut.duration_ms / 1000)} s · {t(`live.cut.${cut.state}`)}
            {cut.content_id !== null && <Link to={`/shops/${shopId}/content/${cut.content_id}`}> {t("live.open_cut")}</Link>}
            {cut.state === "failed" && <small> {cut.failure}</small>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Recordings({ shopId, roomId }: { shopId: number; roomId: number }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const rows = useRecordings(shopId, roomId, open);
  return (
    <section className="wb-panel" aria-label={t("live.recordings")}>
      <h2 className="live-desk-title">{t("live.recordings")}</h2>
      {!open && (
        <Button onClick={() => setOpen(true)} data-testid="live-recordings-open">
          {t("live.recordings_show")}
        </Button>
      )}
      {rows.isError && <ErrorView error={rows.error} onRetry={() => void rows.refetch()} />}
      {rows.data && <RecordingList rows={rows.data} />}
    </section>
  );
}
