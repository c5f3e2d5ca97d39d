import { PictureOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { App, Button, Input, Space } from "antd";
import { type ChangeEvent, type KeyboardEvent, useRef, useState } from "react";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { type Said, matchReplies, sendMessage, useChatRefresh, useQuickReplies } from "./queries";

/** Writing an answer; a text that begins with a slash finds quick replies, arrows choose one, Enter takes it. */
export function Composer({ chatId }: { chatId: number }) {
  const { t } = useTranslation();
  const shop = useShop();
  const { message } = App.useApp();
  const refresh = useChatRefresh(shop.id);
  const replies = useQuickReplies(shop.id);
  const picker = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  const [busy, setBusy] = useState(false);
  const offered = text.startsWith("/") ? matchReplies(replies.data ?? [], text) : [];
  const say = async (said: Said) => {
    setBusy(true);
    try {
      await sendMessage(shop.id, chatId, said);
      if (said.kind === "text") setText("");
      await refresh();
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      setBusy(false);
    }
  };
  const submit = () => {
    const words = text.trim();
    if (words && !busy) void say({ kind: "text", text: words });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const taken = offered[Math.min(chosen, offered.length - 1)];
    if (taken && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : offered.length - 1;
      setChosen((chosen + step) % offered.length);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (taken) setText(taken.text);
      else submit();
    }
  };
  const onPick = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    event.target.value = "";
    if (file) void say({ kind: "picture", file });
  };
  return (
    <div className="wb-chat-composer">
      {text.startsWith("/") && (
        <ul className="wb-plain-list wb-panel" aria-label={t("messages.quick")}>
          {offered.length === 0 && <li className="wb-muted">{t("messages.quick_none")}</li>}
          {offered.map((reply, index) => (
            <li key={reply.id}>
              <Button type={index === chosen ? "primary" : "text"} size="small" block onClick={() => setText(reply.text)} data-testid="quick-reply">
                <strong>{reply.title}</strong> <span className="wb-clip">{reply.text}</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Input.TextArea
        value={text}
        maxLength={1000}
        autoSize={{ minRows: 2, maxRows: 6 }}
        placeholder={t("messages.write")}
        aria-label={t("messages.write")}
        onChange={(event) => {
          setText(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
        data-testid="chat-input"
      />
      <Space wrap className="wb-row-between">
        <Button type="text" icon={<PictureOutlined />} aria-label={t("messages.picture")} onClick={() => picker.current?.click()} />
        <input ref={picker} type="file" accept="image/jpeg,image/png,image/webp" hidden onChange={onPick} data-testid="chat-picture" />
        <Button type="primary" loading={busy} disabled={!text.trim() || text.startsWith("/")} onClick={submit} data-testid="chat-send">
          {t("messages.send")}
        </Button>
      </Space>
    </div>
  );
}
