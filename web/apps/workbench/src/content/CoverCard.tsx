import { CameraOutlined, UploadOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { App, Button, Card, Space } from "antd";
import { useRef, useState } from "react";
import type { Work } from "../api/types";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { useDesk } from "./desk";
import { PICTURE_TYPES } from "./UploadPanel";

interface CoverCardProps {
  work: Work;
  position_ms: number;
  onChanged: (work: Work) => void;
}

/** The cover: the frame at the preview's place, a picture of one's own, or the one that was made. */
export function CoverCard({ work, position_ms, onChanged }: CoverCardProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const shop = useShop();
  const desk = useDesk(shop.id, work.id);
  const picker = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const run = async (step: Promise<Work>) => {
    setBusy(true);
    try {
      onChanged(await step);
      void message.success(t("content.cover_set"));
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card className="wb-section" title={t("content.section.cover")}>
      <div className="wb-line">
        {work.poster_url && <img src={work.poster_url} alt={t("content.section.cover")} width={72} data-testid="cover" />}
        <Space wrap>
          {work.kind === "video" && (
            <Button icon={<CameraOutlined />} loading={busy} disabled={!work.hls_url} onClick={() => void run(desk.coverFrame(position_ms))} data-testid="cover-frame">
              {t("content.cover_frame")}
            </Button>
          )}
          <Button icon={<UploadOutlined />} loading={busy} onClick={() => picker.current?.click()}>
            {t("content.cover_upload")}
          </Button>
          {work.has_cover && (
            <Button type="link" onClick={() => void run(desk.coverBack())}>
              {t("content.cover_back")}
            </Button>
          )}
        </Space>
        <input
          ref={picker}
          type="file"
          hidden
          accept={PICTURE_TYPES}
          aria-label={t("content.cover_upload")}
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) void run(desk.coverPicture(file));
            event.target.value = "";
          }}
        />
      </div>
      <p className="wb-muted">{t(work.kind === "video" ? "content.cover_help" : "content.cover_help_picture")}</p>
    </Card>
  );
}
