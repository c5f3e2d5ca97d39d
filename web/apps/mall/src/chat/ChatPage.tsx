import type { ChatMessage } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { type ChangeEvent, type FormEvent, useEffect, useRef, useState } from "react";
import { Link, Navigate, useParams, useSearchParams } from "react-router";
import { Picture, Price } from "../kit/basics";
import { Icon } from "../kit/Icon";
import { LoadMore } from "../kit/LoadMore";
import { EmptyState, ErrorState, SkeletonRows } from "../kit/states";
import { useReport } from "../kit/useReport";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import "./chat.css";
import { messageKey, type Said, useChat, useChatStream, useMarkRead, useMessages, useOpenChat, useSend } from "./queries";

const MAX_LENGTH = 1000;

/** From a product, an order or a shop into the conversation, which knows what it is about. */
export function OpenChatPage() {
  const shopId = Number(useParams().shopId);
  const [params] = useSearchParams();
  const chat = useOpenChat(shopId);
  if (chat.isError) return <ErrorState error={chat.error} onRetry={() => void chat.refetch()} />;
  if (!chat.data) return <SkeletonRows count={5} />;
  return <Navigate to={`/messages/${chat.data.id}?${params.toString()}`} replace />;
}

export function ChatPage() {
  const { t } = useTranslation();
  const chatId = Number(useParams().chatId);
  useChatStream();
  const chat = useChat(chatId);
  const format = useFormat();
  const title = chat.data ? format.named(chat.data.shop) : t("chat.title");
  useTitle(title);
  return (
    <main className="page page-chat">
      <PageHead title={title} />
      {chat.isPending ? <SkeletonRows count={5} /> : null}
      {chat.isError ? <ErrorState error={chat.error} onRetry={() => void chat.refetch()} /> : null}
      {chat.data ? <Talk chatId={chatId} readId={chat.data.shop_read_id} /> : null}
    </main>
  );
}

function Talk({ chatId, readId }: { chatId: number; readId: number }) {
  const { t } = useTranslation();
  const messages = useMessages(chatId);
  const newestFirst = messages.data?.pages.flatMap((page) => page.items) ?? [];
  const newestId = newestFirst[0]?.id;
  const end = useRef<HTMLLIElement>(null);
  useMarkRead(chatId, newestId);
  useEffect(() => {
    if (newestId !== undefined) end.current?.scrollIntoView({ block: "end" });
  }, [newestId]);
  const lastOwn = newestFirst.find((message) => message.sender === "buyer")?.id;
  return (
    <>
      <LoadMore hasMore={messages.hasNextPage} busy={messages.isFetchingNextPage} onMore={() => void messages.fetchNextPage()} />
      {messages.isError ? <ErrorState error={messages.error} onRetry={() => void messages.refetch()} /> : null}
      {messages.isSuccess && newestFirst.length === 0 ? <EmptyState icon="comment" title={t("chat.begin")} hint={t("chat.begin_hint")} /> : null}
      <ul className="chat-messages" aria-live="polite" data-testid="chat-messages">
        {newestFirst.toReversed().map((message) => (
          <Line key={message.id} message={message} read={message.id === lastOwn ? message.id <= readId : undefined} />
        ))}
        <li ref={end} aria-hidden="true" />
      </ul>
      <Composer chatId={chatId} />
    </>
  );
}

function Line({ message, read }: { message: ChatMessage; read: boolean | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const own = message.sender === "buyer";
  return (
    <li className={`chat-line${own ? " chat-own" : ""}`}>
      <div className={message.kind === "text" ? "chat-bubble" : "chat-card"}>
        <span className="visually-hidden">{own ? t("chat.you") : t("chat.shop")}: </span>
        <Body message={message} />
      </div>
      <small className="muted">
        <time dateTime={message.created_at}>{format.dateTime(message.created_at)}</time>
        {read === undefined ? null : <span> · {t(read ? "chat.read" : "chat.sent")}</span>}
      </small>
    </li>
  );
}

function Body({ message }: { message: ChatMessage }) {
  const { t } = useTranslation();
  if (message.picture_url) {
    return (
      <a href={message.picture_url} target="_blank" rel="noreferrer">
        <img src={message.picture_url} alt={t("chat.kind.picture")} loading="lazy" />
      </a>
    );
  }
  if (message.product) {
    return (
      <Link className="order-line" to={`/product/${message.product.id}`}>
        <Picture url={message.product.picture_url} alt="" className="line-picture" />
        <span className="order-line-text">
          <span className="cart-line-name">{message.product.name}</span>
          <Price money={message.product.price} size="sm" />
        </span>
      </Link>
    );
  }
  if (message.order) {
    return (
      <Link className="order-line" to={`/orders/${message.order.order_no}`}>
        <Picture url={message.order.lines[0]?.picture_url ?? null} alt="" className="line-picture" />
        <span className="order-line-text">
          <span className="cart-line-name">{t("chat.order", { number: message.order.order_no })}</span>
          <Price money={message.order.payable} size="sm" />
        </span>
      </Link>
    );
  }
  return <>{message.kind === "text" ? message.text : t("chat.gone")}</>;
}

function Composer({ chatId }: { chatId: number }) {
  const { t } = useTranslation();
  const report = useReport();
  const send = useSend(chatId);
  const picker = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [params, setParams] = useSearchParams();
  const product = Number(params.get("product"));
  const order = params.get("order");
  const card: Said | null = order ? { kind: "order", order_no: order } : product > 0 ? { kind: "product", product_id: product } : null;
  const say = (said: Said, done: () => void) => send.mutate({ said, key: messageKey() }, { onSuccess: done, onError: report });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const words = text.trim();
    if (words && !send.isPending) say({ kind: "text", text: words }, () => setText(""));
  };
  const onPick = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    event.target.value = "";
    if (file) say({ kind: "picture", file }, () => undefined);
  };
  return (
    <div className="chat-composer">
      {card ? (
        <button type="button" className="button button-small button-quiet" disabled={send.isPending} onClick={() => say(card, () => setParams(new URLSearchParams(), { replace: true }))} data-testid="chat-send-card">
          {t(`chat.send_${card.kind}`)}
        </button>
      ) : null}
      <form className="comment-form" onSubmit={onSubmit}>
        <button type="button" className="icon-button" onClick={() => picker.current?.click()} aria-label={t("chat.send_picture")}>
          <Icon name="pictures" />
        </button>
        <input ref={picker} type="file" accept="image/jpeg,image/png,image/webp" hidden onChange={onPick} data-testid="chat-picture" />
        <input value={text} onChange={(event) => setText(event.target.value)} maxLength={MAX_LENGTH} placeholder={t("chat.write")} aria-label={t("chat.write")} data-testid="chat-input" />
        <button type="submit" className="button button-small" disabled={!text.trim() || send.isPending} data-testid="chat-send">
          {t("common:actions.send")}
        </button>
      </form>
    </div>
  );
}
