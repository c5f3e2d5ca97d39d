import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Image, Skeleton, Tag } from "antd";
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import { post } from "../api/http";
import type { Chat, ChatMessage } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { Thumb } from "../products/Thumb";
import { Composer } from "./Composer";
import { useChatMessages, useChatRefresh } from "./queries";

/** What was said, the newest below, and the answer. Reading it tells the buyer so. */
export function Conversation({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  const shop = useShop();
  const refresh = useChatRefresh(shop.id);
  const pages = useChatMessages(shop.id, chat.id);
  const editable = mayEdit(shop.permissions, "messages");
  const newestFirst = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const newestId = newestFirst[0]?.id;
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (newestId !== undefined) end.current?.scrollIntoView({ block: "nearest" });
  }, [newestId]);
  const unread = chat.shop_unread;
  useEffect(() => {
    if (!editable || newestId === undefined || unread === 0 || document.hidden) return;
    post(`/shops/${shop.id}/chats/${chat.id}/read`, { up_to_id: newestId }).then(refresh, () => undefined);
    // The newest message and the counter say when there is something to tell.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [newestId, unread, chat.id, shop.id, editable]);
  if (pages.isPending) return <Skeleton active paragraph={{ rows: 8 }} />;
  if (pages.isError) return <ErrorView error={pages.error} onRetry={() => void pages.refetch()} />;
  const lastOwn = newestFirst.find((message) => message.sender === "shop")?.id;
  return (
    <>
      <div className="wb-chat-lines" aria-live="polite" data-testid="chat-lines">
        {pages.hasNextPage && (
          <Button type="text" block loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {t("messages.older")}
          </Button>
        )}
        {newestFirst.toReversed().map((message) => (
          <Line key={message.id} message={message} read={message.id === lastOwn ? message.id <= chat.buyer_read_id : undefined} />
        ))}
        <div ref={end} />
      </div>
      {editable && <Composer key={chat.id} chatId={chat.id} />}
    </>
  );
}

function Line({ message, read }: { message: ChatMessage; read: boolean | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const own = message.sender === "shop";
  return (
    <div className={own ? "wb-chat-line wb-chat-own" : "wb-chat-line"}>
      <div className="wb-chat-bubble">
        <Body message={message} />
      </div>
      <small className="wb-muted">
        {message.member_name} {format.dateTime(message.created_at)} {read !== undefined && <Tag>{t(read ? "messages.read" : "messages.sent")}</Tag>}
      </small>
    </div>
  );
}

function Body({ message }: { message: ChatMessage }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  if (message.picture_url) return <Image src={message.picture_url} width={180} alt={t("messages.kind.picture")} />;
  if (message.product) {
    return (
      <Link to={`/shops/${shop.id}/products/${message.product.id}`} className="wb-line">
        <Thumb url={message.product.picture_url} size={44} />
        <span className="wb-line-words">
          <span className="wb-clip-2">{message.product.name}</span>
          <small>{format.money(message.product.price)}</small>
        </span>
      </Link>
    );
  }
  if (message.order) {
    return (
      <Link to={`/shops/${shop.id}/orders?order=${message.order.order_no}`} className="wb-line">
        <Thumb url={message.order.lines[0]?.picture_url ?? null} size={44} />
        <span className="wb-line-words">
          <span>{t("messages.order", { number: message.order.order_no })}</span>
          <small>{format.money(message.order.payable)}</small>
        </span>
      </Link>
    );
  }
  return <>{message.kind === "text" ? message.text : t("messages.gone")}</>;
}
