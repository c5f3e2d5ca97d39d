import type { Notice } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Link } from "react-router";
import { Icon } from "../kit/Icon";
import { LoadMore } from "../kit/LoadMore";
import { EmptyState, ErrorState, SkeletonRows } from "../kit/states";
import { useReport } from "../kit/useReport";
import { useSession } from "../session/session";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import "./notices.css";
import { useNotices, useReadNotices } from "./queries";
import { noticeAddress, noticeIcon, noticeSubject, noticeText } from "./words";

/** What happened to one's orders, cases and wishes, newest first. */
export function NoticesPage() {
  const { t } = useTranslation();
  useTitle(t("notices.title"));
  const session = useSession();
  return (
    <main className="page page-narrow" data-testid="notices">
      {session.data?.person ? <Mine unread={session.data.unread_buyer_notices} /> : <PageHead title={t("notices.title")} />}
      {session.isPending ? <SkeletonRows count={5} /> : null}
      {session.isSuccess && !session.data.person ? (
        <EmptyState
          icon="bell"
          title={t("notices.sign_in")}
          action={
            <Link className="button" to="/sign-in?next=/notices">
              {t("account.sign_in")}
            </Link>
          }
        />
      ) : null}
    </main>
  );
}

function Mine({ unread }: { unread: number }) {
  const { t } = useTranslation();
  const report = useReport();
  const list = useNotices(true);
  const read = useReadNotices();
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const newest = rows[0];
  const readAll = newest ? (
    <button type="button" className="text-button" disabled={unread === 0 || read.isPending} onClick={() => read.mutate(newest.id, { onError: report })} data-testid="read-notices">
      {t("notices.read_all")}
    </button>
  ) : null;
  return (
    <>
      <PageHead title={t("notices.title")}>{readAll}</PageHead>
      {list.isPending ? <SkeletonRows count={5} /> : null}
      {list.isError ? <ErrorState error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isSuccess && rows.length === 0 ? <EmptyState icon="bell" title={t("notices.empty")} hint={t("notices.empty_hint")} /> : null}
      {rows.length > 0 ? (
        <ul className="card rows notice-list">
          {rows.map((notice) => (
            <li key={notice.id}>
              <Row notice={notice} />
            </li>
          ))}
        </ul>
      ) : null}
      <LoadMore hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
    </>
  );
}

function Row({ notice }: { notice: Notice }) {
  const { t } = useTranslation();
  const format = useFormat();
  const to = noticeAddress(notice);
  const words = (
    <>
      <Icon name={noticeIcon(notice)} size={20} />
      <span className="line-value">
        <span className="notice-text">{noticeText(t, format.money, notice)}</span>
        <small className="muted">
          {noticeSubject(t, notice)} <time dateTime={notice.created_at}>{format.relative(notice.created_at)}</time>
        </small>
      </span>
      {notice.read ? null : <b className="notice-new" role="img" aria-label={t("notices.unread")} />}
    </>
  );
  const shared = { className: "line-row notice-row", "data-testid": "notice-row", "data-kind": notice.kind };
  return to ? (
    <Link {...shared} to={to}>
      {words}
    </Link>
  ) : (
    <div {...shared}>{words}</div>
  );
}
