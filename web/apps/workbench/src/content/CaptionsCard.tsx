import { AimOutlined, DeleteOutlined, PlusOutlined, UploadOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { Alert, Button, Card, Input, Segmented, Skeleton, Space } from "antd";
import { useRef, useState } from "react";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { type CueDraft, cuesFrom, draftsFrom, nextDraft } from "./cue-drafts";
import { type Captions, captionsQuery, useDesk } from "./desk";

const LANGUAGES = ["zh-CN", "en"] as const;

/** What is said in the clip: a file, or lines with times. */
export function CaptionsCard({ workId, position_ms }: { workId: number; position_ms: number }) {
  const { t } = useTranslation();
  const shop = useShop();
  const [language, setLanguage] = useState<(typeof LANGUAGES)[number]>("zh-CN");
  const captions = useQuery(captionsQuery(shop.id, workId, language));
  return (
    <Card
      className="wb-section"
      title={t("content.section.captions")}
      extra={<Segmented value={language} onChange={setLanguage} options={LANGUAGES.map((value) => ({ value, label: t(`content.caption_language.${value}`) }))} />}
    >
      <p className="wb-muted">{t("content.captions_help")}</p>
      {captions.data ? <Editor key={`${language}-${JSON.stringify(captions.data.cues)}`} captions={captions.data} workId={workId} position_ms={position_ms} /> : <Skeleton active />}
    </Card>
  );
}

function Editor({ captions, workId, position_ms }: { captions: Captions; workId: number; position_ms: number }) {
  const { t } = useTranslation();
  const shop = useShop();
  const desk = useDesk(shop.id, workId);
  const picker = useRef<HTMLInputElement>(null);
  const [rows, setRows] = useState<CueDraft[]>(() => draftsFrom(captions.cues));
  const [refusal, setRefusal] = useState<unknown>(null);
  const cues = cuesFrom(rows);
  const set = (key: number, part: Partial<CueDraft>) => setRows((now) => now.map((row) => (row.key === key ? { ...row, ...part } : row)));
  const run = async (step: Promise<unknown>) => {
    setRefusal(null);
    await step.catch(setRefusal);
  };
  return (
    <>
      {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
      {rows.map((row) => (
        <div key={row.key} className="wb-line" data-testid="cue">
          {(["from", "to"] as const).map((side) => (
            <Space.Compact key={side}>
              <Input size="small" className="wb-anchor-time" value={row[side]} aria-label={t(`content.cue_${side}`)} onChange={(event) => set(row.key, { [side]: event.target.value })} />
              <Button size="small" icon={<AimOutlined />} aria-label={t("content.use_position")} onClick={() => set(row.key, { [side]: (position_ms / 1000).toFixed(1) })} />
            </Space.Compact>
          ))}
          <Input size="small" value={row.text} maxLength={200} aria-label={t("content.cue_text")} placeholder={t("content.cue_text")} onChange={(event) => set(row.key, { text: event.target.value })} />
          <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("actions.delete")} onClick={() => setRows((now) => now.filter((each) => each.key !== row.key))} />
        </div>
      ))}
      <Space wrap>
        <Button icon={<PlusOutlined />} onClick={() => setRows((now) => [...now, nextDraft(now, position_ms)])} data-testid="cue-add">
          {t("content.cue_add")}
        </Button>
        <Button icon={<UploadOutlined />} onClick={() => picker.current?.click()}>
          {t("content.captions_upload")}
        </Button>
        <Button type="primary" disabled={cues === null || cues.length === 0} onClick={() => cues && void run(desk.saveCaptions(captions.language, { cues }))} data-testid="captions-save">
          {t("content.captions_save")}
        </Button>
        {captions.cues.length > 0 && (
          <Button danger type="text" onClick={() => void run(desk.dropCaptions(captions.language))}>
            {t("content.captions_drop")}
          </Button>
        )}
      </Space>
      <input
        ref={picker}
        type="file"
        hidden
        accept=".srt,.vtt,text/vtt"
        aria-label={t("content.captions_upload")}
        data-testid="captions-file"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) void run(file.text().then((text) => desk.saveCaptions(captions.language, { text })));
          event.target.value = "";
        }}
      />
    </>
  );
}
