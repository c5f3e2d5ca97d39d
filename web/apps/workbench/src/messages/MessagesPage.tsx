import { SettingOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, Badge, Button, Empty, Grid, Segmented, Skeleton, Tag } from "antd";
import { useState } from "react";
import type { Chat } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import type { FilterSchema } from "../table/url-filters";
import { useUrlFilters } from "../table/use-url-filters";
import { Conversation } from "./Conversation";
import { DeskSettings, Figure } from "./DeskSettings";
import { SidePanel } from "./SidePanel";
import "./messages.css";
import { QUEUES, useChatSide, useChats, useDeskCounts, useShopStream } from "./queries";

const FILTERS = { queue: { type: "choice", choices: QUEUES, default: "all" }, chat: { type: "id" } } as const satisfies FilterSchema;

/** The messages desk: conversations, the one that is open, and the buyer's side. */
export default function MessagesPage() {
  const { t } = useTranslation();
  const shop = useShop();
  const screens = Grid.useBreakpoint();
  const { values, change } = useUrlFilters(FILTERS);
  const [managing, setManaging] = useState(false);
  const live = useShopStream(shop.id);
  const counts = useDeskCounts(shop.id);
  const queue = values.queue ?? "all";
  const narrow = screens.md === false;
  const label = (each: (typeof QUEUES)[number]) => {
    const count = each === "all" ? 0 : (counts.data?.[each] ?? 0);
    return count > 0 ? `${t(`messages.queue.${each}`)} ${count}` : t(`messages.queue.${each}`);
  };
  return (
    <div className="wb-page">
      <PageHead
        title={t("messages.title")}
        note={(counts.data?.late ?? 0) > 0 && <Tag color="error">{t("messages.late", { count: counts.data?.late ?? 0 })}</Tag>}
        actions={
          <>
            <Figure />
            {mayEdit(shop.permissions, "messages") && <Button icon={<SettingOutlined />} aria-label={t("messages.quick_manage")} onClick={() => setManaging(true)} data-testid="quick-manage" />}
          </>
        }
      />
      {!live && <Alert type="warning" showIcon title={t("messages.stream_lost")} />}
      <div className="wb-chat-desk">
        {!(narrow && values.chat) && (
          <div className="wb-chat-list">
            <Segmented block value={queue} onChange={(next) => change({ queue: next })} options={QUEUES.map((each) => ({ value: each, label: label(each) }))} data-testid="chat-queue" />
            <ChatList queue={queue} active={values.chat} onOpen={(chat) => change({ chat: chat.id })} />
          </div>
        )}
        {values.chat ? (
          <Open chatId={values.chat} {...(narrow ? { onBack: () => change({ chat: undefined }) } : {})} />
        ) : (
          !narrow && <Empty className="wb-chat-open" image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("messages.choose")} />
        )}
      </div>
      {managing && <DeskSettings onClose={() => setManaging(false)} />}
    </div>
  );
}

function ChatList({ queue, active, onOpen }: { queue: string; active: number | undefined; onOpen: (chat: Chat) => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const chats = useChats(shop.id, queue);
  if (chats.isPending) return <Skeleton active paragraph={{ rows: 8 }} />;
  if (chats.isError) return <ErrorView error={chats.error} onRetry={() => void chats.refetch()} />;
  const rows = chats.data.pages.flatMap((page) => page.items);
  if (rows.length === 0) return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={<>{t("messages.empty")}<br /><span className="wb-muted">{t("messages.empty_help")}</span></>} data-testid="chats-empty" />;
  return (
    <ul className="wb-plain-list">
      {rows.map((chat) => (
        <li key={chat.id}>
          <button type="button" className={chat.id === active ? "wb-chat-row wb-chat-row-active" : "wb-chat-row"} onClick={() => onOpen(chat)} aria-current={chat.id === active} data-testid="chat-row">
            <ChatRow chat={chat} />
          </button>
        </li>
      ))}
      {chats.hasNextPage && (
        <Button block type="text" loading={chats.isFetchingNextPage} onClick={() => void chats.fetchNextPage()}>
          {t("actions.load_more")}
        </Button>
      )}
    </ul>
  );
}

function ChatRow({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = chat.last_kind && chat.last_kind !== "text" ? t(`messages.kind.${chat.last_kind}`) : chat.last_text;
  return (
    <>
      <span className="wb-row-between">
        <strong>
          {chat.buyer_name} {chat.is_guest && <Tag>{t("messages.guest")}</Tag>}
        </strong>
        <Badge count={chat.shop_unread} size="small" />
      </span>
      <span className="wb-clip wb-muted">{words}</span>
      <small className="wb-muted">
        {chat.waiting_since ? t("messages.waiting", { time: format.relative(chat.waiting_since) }) : chat.last_at && format.relative(chat.last_at)}
        {chat.assigned_to && ` · ${t("messages.assigned", { name: chat.assigned_to.name })}`}
      </small>
    </>
  );
}

function Open({ chatId, onBack }: { chatId: number; onBack?: () => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const side = useChatSide(shop.id, chatId);
  return (
    <>
      <section className="wb-chat-open" aria-label={side.data?.conversation.buyer_name}>
        {onBack && (
          <Button type="link" onClick={onBack}>
            {t("messages.back")}
          </Button>
        )}
        {side.isPending && <Skeleton active paragraph={{ rows: 6 }} />}
        {side.isError && <ErrorView error={side.error} onRetry={() => void side.refetch()} />}
        {side.data && <Conversation chat={side.data.conversation} />}
      </section>
      {side.data && <SidePanel chat={side.data.conversation} />}
    </>
  );
}
