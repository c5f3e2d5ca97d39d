import { useInfiniteQuery } from "@tanstack/react-query";
import { api, type FollowedCreator, unwrap } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Link } from "react-router";
import { Avatar } from "../kit/basics";
import { FollowButton } from "../content/FollowButton";
import { LoadMore } from "../kit/LoadMore";
import { EmptyState, ErrorState, SkeletonRows } from "../kit/states";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import "./me.css";

export function FollowingPage() {
  const { t } = useTranslation();
  const format = useFormat();
  useTitle(t("me.following"));
  const list = useInfiniteQuery({
    queryKey: ["me", "following"],
    queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/me/following", { params: { query: pageParam ? { cursor: pageParam } : {} } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 0,
  });
  const creators: FollowedCreator[] = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <main className="page page-narrow">
      <PageHead title={t("me.following")} />
      {list.isPending ? <SkeletonRows /> : null}
      {list.isError ? <ErrorState error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isSuccess && creators.length === 0 ? (
        <EmptyState icon="me" title={t("feed.following_empty")} hint={t("feed.following_empty_hint")} action={<Link className="button" to="/">{t("pay.to_feed")}</Link>} />
      ) : null}
      <ul className="creator-list">
        {creators.map((creator) => (
          <li key={creator.id}>
            <Link to={`/creator/${creator.id}`}>
              <Avatar url={creator.avatar_url} name={format.displayName(creator)} size={48} />
              <span>
                <b>{format.displayName(creator)}</b>
                <small className="muted">@{creator.handle}</small>
              </span>
            </Link>
            <FollowButton creator={{ ...creator, followed: true }} />
          </li>
        ))}
      </ul>
      <LoadMore hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
    </main>
  );
}
