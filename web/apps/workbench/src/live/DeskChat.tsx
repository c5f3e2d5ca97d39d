import { useTranslation } from "@xingqu/i18n";
import { Button, Dropdown, Empty, Input, InputNumber, Select, Tag } from "antd";
import { useState } from "react";
import type { DeskProps } from "./DeskPage";
import { type ChatLine, useMutes } from "./queries";

/** Null: for the rest of the show. */
const MUTES_S = [600, 3600, null];

/** What viewers say, and what the host does about it. */
export function DeskChat({ room, act, editable, shopId }: DeskProps & { shopId: number }) {
  const { t } = useTranslation();
  const mutes = useMutes(shopId, room.id);
  const onAir = ["live", "paused", "interrupted"].includes(room.state);
  return (
    <section className="wb-panel live-desk-chat" aria-label={t("live.chat")}>
      <h2 className="live-desk-title">{t("live.chat")}</h2>
      {room.chat.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("live.chat_empty")} />}
      <ul className="live-desk-lines" data-testid="live-desk-chat">
        {room.chat.map((line) => (
          <Line key={line.id} line={line} act={act} editable={editable} />
        ))}
      </ul>
      {editable && onAir && <Say act={act} />}
      {editable && <Rules room={room} act={act} />}
      {mutes.data && mutes.data.length > 0 && (
        <p>
          {t("live.muted")}:{" "}
          {mutes.data.map((one) => (
            <Tag key={one.actor_key} closable={editable} onClose={() => act.mutate({ verb: "post", path: "/mutes/lift", body: { actor_key: one.actor_key } })}>
              {one.name}
            </Tag>
          ))}
        </p>
      )}
    </section>
  );
}

function Line({ line, act, editable }: { line: ChatLine; act: DeskProps["act"]; editable: boolean }) {
  const { t } = useTranslation();
  const mute = (duration_s: number | null) => act.mutate({ verb: "post", path: "/mutes", body: { actor_key: line.actor_key, duration_s } });
  return (
    <li>
      <b>{line.host ? t("live.host") : line.name}</b> {line.text}
      {editable && (
        <span className="live-desk-tools">
          <Button size="small" type="link" onClick={() => act.mutate({ verb: "remove", path: `/chat/${line.id}` })}>
            {t("live.delete_line")}
          </Button>
          {!line.host && (
            <Dropdown trigger={["click"]} menu={{ items: MUTES_S.map((duration_s) => ({ key: String(duration_s), label: t(duration_s === null ? "live.mute_for_good" : "live.mute_for", { count: (duration_s ?? 0) / 60 }), onClick: () => mute(duration_s) })) }}>
              <Button size="small" type="link" danger>
                {t("live.mute")}
              </Button>
            </Dropdown>
          )}
        </span>
      )}
    </li>
  );
}

function Say({ act }: { act: DeskProps["act"] }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const send = () => {
    if (text.trim()) act.mutate({ verb: "post", path: "/chat", body: { text } }, { onSuccess: () => setText("") });
  };
  return <Input.Search value={text} maxLength={100} placeholder={t("live.say")} enterButton={t("live.send")} onChange={(event) => setText(event.target.value)} onSearch={send} />;
}

function Rules({ room, act }: Pick<DeskProps, "room" | "act">) {
  const { t } = useTranslation();
  const [announcement, setAnnouncement] = useState(room.announcement);
  const change = (body: unknown) => act.mutate({ verb: "patch", path: "", body });
  return (
    <div className="live-rules">
      <Input.Search aria-label={t("live.announcement")} value={announcement} maxLength={200} placeholder={t("live.announcement")} enterButton={t("live.publish")} onChange={(event) => setAnnouncement(event.target.value)} onSearch={() => change({ announcement })} />
      <label>
        {t("live.slow_mode")} <InputNumber size="small" min={0} max={3600} defaultValue={room.slow_mode_s} onBlur={(event) => change({ slow_mode_s: Number(event.target.value) || 0 })} /> s
      </label>
      <Select mode="tags" className="wb-full" aria-label={t("live.block_words")} placeholder={t("live.block_words")} value={room.block_words} onChange={(block_words: string[]) => change({ block_words })} />
    </div>
  );
}
