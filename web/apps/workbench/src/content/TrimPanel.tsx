import { AimOutlined, ScissorOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { App, Button, Input, Space } from "antd";
import { useState } from "react";
import type { MediaAsset } from "../api/types";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { useDesk } from "./desk";
import { clipTimeToInput, parseClipTime } from "./work-form";

interface TrimPanelProps {
  workId: number;
  asset: MediaAsset;
  position_ms: number;
  /** The part takes the place of the whole in the work once it is being made. */
  onCut: (made: MediaAsset, start_ms: number, end_ms: number) => void;
}

/** A part of the clip in place of the whole; the whole stays in the library. */
export function TrimPanel({ workId, asset, position_ms, onCut }: TrimPanelProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const shop = useShop();
  const desk = useDesk(shop.id, workId);
  const [from, setFrom] = useState("0");
  const [to, setTo] = useState(clipTimeToInput(asset.duration_ms));
  const [busy, setBusy] = useState(false);
  const start = parseClipTime(from);
  const end = parseClipTime(to);
  const fits = start !== null && end !== null && end - start >= 1000 && end <= asset.duration_ms && end - start < asset.duration_ms;
  const cut = async () => {
    if (start === null || end === null) return;
    setBusy(true);
    try {
      onCut(await desk.trim(asset.id, start, end), start, end);
      void message.success(t("content.trimmed"));
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      setBusy(false);
    }
  };
  const place = (name: "trim_from" | "trim_to", value: string, set: (value: string) => void) => (
    <Space.Compact>
      <Input className="wb-anchor-time" value={value} aria-label={t(`content.${name}`)} placeholder={t(`content.${name}`)} status={parseClipTime(value) === null ? "error" : ""} onChange={(event) => set(event.target.value)} data-testid={name} />
      <Button icon={<AimOutlined />} aria-label={t("content.use_position")} onClick={() => set(clipTimeToInput(Math.round(position_ms)))} />
    </Space.Compact>
  );
  return (
    <div className="wb-line wb-wrap" data-testid="trim">
      <ScissorOutlined aria-hidden />
      {place("trim_from", from, setFrom)}
      {place("trim_to", to, setTo)}
      <Button loading={busy} disabled={!fits} onClick={() => void cut()} data-testid="trim-cut">
        {t("content.trim")}
      </Button>
      <small className="wb-muted">{t("content.trim_help")}</small>
    </div>
  );
}
