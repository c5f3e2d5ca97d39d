import { UploadOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { Button, Space } from "antd";
import { useRef } from "react";
import { PICTURE_TYPES } from "../content/UploadPanel";
import type { DeskProps } from "./DeskPage";

/** What stands for the room in lists until it is on air: shown, replaced, taken away. */
export function DeskCover({ room, act, editable }: DeskProps) {
  const { t } = useTranslation();
  const over = room.state === "ended" || room.state === "banned";
  if (over && !room.cover_url) return null;
  const busy = act.isPending && act.variables?.path === "/cover";
  return (
    <section className="wb-panel" aria-label={t("live.cover.title")}>
      <h2 className="live-desk-title">{t("live.cover.title")}</h2>
      <div className="wb-line">
        {room.cover_url && <img src={room.cover_url} alt={t("live.cover.title")} className="live-desk-cover" data-testid="live-cover" />}
        {editable && !over && (
          <Space wrap>
            <CoverPicker label={t(room.cover_url ? "live.cover.replace" : "live.cover.upload")} busy={busy} onPick={(file) => act.mutate({ verb: "form", path: "/cover", body: file })} />
            {room.cover_url && (
              <Button type="link" disabled={busy} onClick={() => act.mutate({ verb: "remove", path: "/cover" })} data-testid="live-cover-remove">
                {t("live.cover.remove")}
              </Button>
            )}
          </Space>
        )}
      </div>
      {!over && <p className="wb-muted">{t("live.cover.help")}</p>}
    </section>
  );
}

/** A button that asks for a picture. */
export function CoverPicker({ label, busy, onPick }: { label: string; busy?: boolean; onPick: (file: File) => void }) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button icon={<UploadOutlined />} loading={busy} onClick={() => picker.current?.click()}>
        {label}
      </Button>
      <input
        ref={picker}
        type="file"
        style={{ display: "none" }} // the form's own rule shows a file input that is only `hidden`
        accept={PICTURE_TYPES}
        aria-label={label}
        data-testid="live-cover-file"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) onPick(file);
          event.target.value = "";
        }}
      />
    </>
  );
}
