import { useTranslation } from "@xingqu/i18n";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useReport } from "../kit/useReport";
import { sendLikes, useSay } from "./queries";
import type { ChatLine, Room } from "./roomState";
import { Icon } from "../kit/Icon";

const LIKES_EVERY_MS = 1_500;
const LIKES_AT_ONCE = 50;
const LETTERS_MAX = 100;

/** What is said, newest below; it follows unless one has scrolled up. */
export function LiveChat({ lines, hostName }: { lines: ChatLine[]; hostName: string }) {
  const { t } = useTranslation();
  const list = useRef<HTMLUListElement>(null);
  const follows = useRef(true);
  const newest = lines.at(-1)?.id;
  useEffect(() => {
    if (newest !== undefined && follows.current && list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [newest]);
  return (
    <ul
      ref={list}
      className="live-chat"
      data-testid="live-chat"
      role="log"
      aria-label={t("live.chat")}
      onScroll={(event) => {
        const box = event.currentTarget;
        follows.current = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
      }}
    >
      {lines.map((line) => (
        <li key={line.id} className={line.host ? "live-line live-line-host" : "live-line"}>
          <b>{line.host ? hostName : line.name}</b> {line.text}
        </li>
      ))}
    </ul>
  );
}

/** A line to say, and the heart. Likes of a moment go together. */
export function LiveBar({ room, children }: { room: Room; children: React.ReactNode }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const say = useSay(room.id);
  const report = useReport();
  const likes = useLikes(room.id);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const line = text.trim();
    if (!line) return;
    say.mutate(line, { onSuccess: () => setText(""), onError: report });
  };
  return (
    <div className="live-bar">
      {children}
      <form className="live-say" onSubmit={send}>
        <input
          value={text}
          maxLength={LETTERS_MAX}
          disabled={room.muted}
          placeholder={room.muted ? t("live.muted") : t("live.say")}
          aria-label={t("live.say")}
          data-testid="live-say"
          enterKeyHint="send"
          onChange={(event) => setText(event.target.value)}
        />
      </form>
      <button type="button" className="live-round" data-testid="live-like" aria-label={t("live.like", { count: room.likes + likes.waiting })} onClick={likes.add}>
        <Icon name="heart" size={24} filled={likes.any} />
      </button>
    </div>
  );
}

function useLikes(roomId: number) {
  const waiting = useRef(0);
  const [shown, setShown] = useState({ waiting: 0, any: false });
  useEffect(() => {
    const flush = () => {
      if (!waiting.current) return;
      sendLikes(roomId, Math.min(LIKES_AT_ONCE, waiting.current));
      waiting.current = 0;
      setShown({ waiting: 0, any: true });
    };
    const timer = window.setInterval(flush, LIKES_EVERY_MS);
    return () => {
      window.clearInterval(timer);
      flush();
    };
  }, [roomId]);
  const add = () => {
    waiting.current += 1;
    setShown({ waiting: waiting.current, any: true });
  };
  return { ...shown, add };
}
