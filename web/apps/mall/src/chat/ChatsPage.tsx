import type { Chat } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Link } from "react-router";
import { Avatar } from "../kit/basics";
import { LoadMore } from "../kit/LoadMore";
import { EmptyState, ErrorState, SkeletonRows } from "../kit/states";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import "./chat.css";
import { useChats, useChatStream } from "./queries";

/** One's conversations with shops. */
export function ChatsPage() {
  const { t } = useTranslation();
  useTitle(t("chat.title"));
  useChatStream();
  const chats = useChats();
  const rows = chats.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <main className="page">
      <PageHead title={t("chat.title")} />
      {chats.isPending ? <SkeletonRows count={5} /> : null}
      {chats.isError ? <ErrorState error={chats.error} onRetry={() => void chats.refetch()} /> : null}
      {chats.isSuccess && rows.length === 0 ? <EmptyState icon="comment" title={t("chat.empty")} hint={t("chat.empty_hint")} /> : null}
      {rows.length > 0 ? (
        <ul className="card chat-list">
          {rows.map((chat) => (
            <Row key={chat.id} chat={chat} />
          ))}
        </ul>
      ) : null}
      <LoadMore hasMore={chats.hasNextPage} busy={chats.isFetchingNextPage} onMore={() => void chats.fetchNextPage()} />
    </main>
  );
}

function Row({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = chat.last_kind && chat.last_kind !== "text" ? t(`chat.kind.${chat.last_kind}`) : chat.last_text;
  return (
    <li>
      <Link className="line-row" to={`/messages/${chat.id}`} data-testid="chat-row">
        <Avatar url={chat.shop.avatar_url} name={format.named(chat.shop)} size={44} />
        <span className="chat-words">
          <b>{format.named(chat.shop)}</b>
          <small className="muted">{words}</small>
        </span>
        <span className="chat-when">
          {chat.last_at ? <time dateTime={chat.last_at}>{format.relative(chat.last_at)}</time> : null}
          {chat.buyer_unread > 0 ? (
            <b className="badge" aria-label={t("chat.unread", { count: chat.buyer_unread })}>
              {chat.buyer_unread > 99 ? "99+" : chat.buyer_unread}
            </b>
          ) : null}
        </span>
      </Link>
    </li>
  );
}
