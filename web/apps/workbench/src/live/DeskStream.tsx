import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, Button, Descriptions, Popconfirm, Space, Tooltip, Typography } from "antd";
import { useRef, useState } from "react";
import { ErrorView } from "../app/ErrorView";
import { ClipPlayer } from "../content/ClipPlayer";
import { DeskCamera } from "./DeskCamera";
import type { DeskProps } from "./DeskPage";
import { useFigures, useStreamKey } from "./queries";

/** Where to push to, what arrives, and how it looks. */
export function DeskStream({ room, act, editable, shopId }: DeskProps & { shopId: number }) {
  const { t } = useTranslation();
  const player = useRef<HTMLVideoElement>(null);
  const over = room.state === "ended" || room.state === "banned";
  if (over) return null;
  const { arriving, health, preview_url, last_end_reason } = room.stream;
  const warnings = (health.warnings ?? []) as string[];
  return (
    <section className="wb-panel" aria-label={t("live.stream")} data-testid="live-stream" data-arriving={arriving}>
      <h2 className="live-desk-title">{t("live.stream")}</h2>
      {!arriving && <p>{last_end_reason ? t("live.stream_gone", { reason: t(`live.reason.${last_end_reason}`, { defaultValue: last_end_reason }) }) : t("live.stream_none")}</p>}
      {warnings.map((code) => (
        <Alert key={code} type="warning" showIcon title={t(`live.warning.${code}`)} />
      ))}
      {arriving && (
        <div className="live-desk-stream">
          {preview_url && <ClipPlayer player={player} hlsUrl={preview_url} poster="" label={t("live.preview")} onTime={() => undefined} />}
          <Descriptions
            size="small"
            column={1}
            items={[
              { key: "size", label: t("live.health.size"), children: health.width ? `${String(health.width)}×${String(health.height)}` : "—" },
              { key: "rate", label: t("live.health.rate"), children: `${String(health.kbps ?? "—")} kbit/s · ${String(health.frame_rate ?? "—")} fps` },
              { key: "keyframe", label: t("live.health.keyframe"), children: `${String(health.keyframe_s ?? "—")} s` },
              { key: "delay", label: <Tooltip title={t("live.delay_meaning")}>{t("live.delay")}</Tooltip>, children: <Delay shopId={shopId} roomId={room.id} /> },
              { key: "encoder", label: t("live.health.encoder"), children: String(health.encoder || "—") },
            ]}
          />
        </div>
      )}
      {editable && <DeskCamera shopId={shopId} roomId={room.id} />}
      {editable && <KeyPanel shopId={shopId} roomId={room.id} act={act} />}
    </section>
  );
}

/** How far behind the picture of the viewers is, as they say themselves. */
function Delay({ shopId, roomId }: { shopId: number; roomId: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const delay = useFigures(shopId, roomId).data?.delay;
  const text = delay ? t("live.delay_of", { seconds: format.number(Math.round(delay.median_ms / 100) / 10), count: delay.viewers }) : t("live.delay_none");
  return <span data-testid="live-delay">{text}</span>;
}

function KeyPanel({ shopId, roomId, act }: { shopId: number; roomId: number; act: DeskProps["act"] }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const key = useStreamKey(shopId, roomId, open);
  if (!open)
    return (
      <Button onClick={() => setOpen(true)} data-testid="live-show-key">
        {t("live.show_key")}
      </Button>
    );
  if (key.isError) return <ErrorView error={key.error} onRetry={() => void key.refetch()} />;
  if (!key.data) return null;
  if (key.data.backend === "off") return <Alert type="info" title={t("live.backend_off")} />;
  return (
    <Space orientation="vertical" className="wb-full">
      <Typography.Text>{t("live.push_url")}</Typography.Text>
      <Typography.Text code copyable data-testid="live-push-url">
        {key.data.push_url}
      </Typography.Text>
      <Typography.Text>{t("live.stream_key")}</Typography.Text>
      <Typography.Text code copyable data-testid="live-stream-key">
        {key.data.stream_key}
      </Typography.Text>
      <Typography.Text type="secondary">{t("live.key_secret")}</Typography.Text>
      <Popconfirm title={t("live.rotate_sure")} onConfirm={() => act.mutate({ verb: "post", path: "/stream-key" })}>
        <Button size="small">{t("live.rotate")}</Button>
      </Popconfirm>
    </Space>
  );
}
