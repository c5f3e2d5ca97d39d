import { BellOutlined } from "@ant-design/icons";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Badge, Button, Empty, Popover, Skeleton } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { get, post } from "../api/http";
import type { Notice, Page, Session } from "../api/types";
import { SESSION_KEY } from "../app/session";
import { noticeAddress, noticeText } from "./notice-text";
import { NOTICES_KEY, useNoticeStream } from "./stream";

export function NoticeBell({ session }: { session: Session }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const notices = useInfiniteQuery({
    queryKey: NOTICES_KEY,
    queryFn: ({ pageParam, signal }) => get<Page<Notice>>("/notices", { cursor: pageParam, limit: 20 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    enabled: open,
  });
  useNoticeStream(session);
  const rows = notices.data?.pages.flatMap((page) => page.items) ?? [];
  const newest = rows[0];
  const markRead = async () => {
    if (!newest) return;
    await post("/notices/read", { up_to_id: newest.id });
    client.setQueryData<Session>(SESSION_KEY, (current) => current && { ...current, unread_notices: 0 });
    await client.invalidateQueries({ queryKey: NOTICES_KEY });
  };
  const body = (
    <div className="wb-notices" data-testid="wb-notices">
      <div className="wb-notices-head">
        <strong>{t("notices.title")}</strong>
        <Button type="link" size="small" disabled={session.unread_notices === 0} onClick={() => void markRead()}>
          {t("notices.mark_all_read")}
        </Button>
      </div>
      {notices.isPending && <Skeleton active paragraph={{ rows: 3 }} />}
      {notices.isError && (
        <p>
          {t("notices.failed")}{" "}
          <Button type="link" size="small" onClick={() => void notices.refetch()}>
            {t("actions.retry")}
          </Button>
        </p>
      )}
      {notices.isSuccess && rows.length === 0 && (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("notices.empty")} />
      )}
      <ul className="wb-plain-list">
        {rows.map((notice) => (
          <NoticeRow key={notice.id} notice={notice} onOpen={() => setOpen(false)} />
        ))}
      </ul>
      {notices.hasNextPage && (
        <Button block type="text" loading={notices.isFetchingNextPage} onClick={() => void notices.fetchNextPage()}>
          {t("actions.load_more")}
        </Button>
      )}
    </div>
  );
  return (
    <Popover content={body} trigger="click" placement="bottomRight" open={open} onOpenChange={setOpen} arrow={false}>
      <Button
        type="text"
        shape="circle"
        data-testid="wb-bell"
        icon={
          <>
            <span aria-hidden>
              <Badge count={session.unread_notices} size="small" overflowCount={99} offset={[0, -5]}>
                <BellOutlined />
              </Badge>
            </span>
            <span className="wb-heard">{t("notices.bell", { count: session.unread_notices })}</span>
          </>
        }
      />
    </Popover>
  );
}

function NoticeRow({ notice, onOpen }: { notice: Notice; onOpen: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const to = noticeAddress(notice);
  const words = (
    <>
      <span>{noticeText(t, notice)}</span>
      <small className="wb-muted">{format.relative(notice.created_at)}</small>
    </>
  );
  return (
    <li className={notice.read ? "wb-notice" : "wb-notice wb-notice-new"}>
      {to ? (
        <Link to={to} onClick={onOpen}>
          {words}
        </Link>
      ) : (
        <div>{words}</div>
      )}
    </li>
  );
}
