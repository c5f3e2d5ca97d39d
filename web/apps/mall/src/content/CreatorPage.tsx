import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, unwrap } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { useParams } from "react-router";
import { Avatar } from "../kit/basics";
import { LoadMore } from "../kit/LoadMore";
import { EmptyState, ErrorState, SkeletonRows } from "../kit/states";
import "../me/me.css";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import { ContentGrid } from "./ContentGrid";
import { FollowButton } from "./FollowButton";

export function CreatorPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const creatorId = Number(useParams().creatorId);
  const where = { path: { creator_id: creatorId } };
  const [followers, setFollowers] = useState<number | null>(null);
  const creator = useQuery({ queryKey: ["creator", creatorId], queryFn: () => unwrap(api.GET("/api/v1/creators/{creator_id}", { params: where })) });
  const works = useInfiniteQuery({
    queryKey: ["creator", creatorId, "works"],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET("/api/v1/creators/{creator_id}/contents", { params: { ...where, query: { limit: 18, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
  useTitle(creator.data ? format.displayName(creator.data) : t("creator.title"));
  const contents = works.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <main className="page page-creator">
      <PageHead title={t("creator.title")} />
      {creator.isError ? <ErrorState error={creator.error} onRetry={() => void creator.refetch()} /> : null}
      {creator.isPending ? <SkeletonRows count={1} className="skeleton-block" /> : null}
      {creator.data ? (
        <section className="creator-head">
          <Avatar url={creator.data.avatar_url} name={format.displayName(creator.data)} size={84} />
          <div>
            <h1>{format.displayName(creator.data)}</h1>
            <p className="muted">
              @{creator.data.handle}
              {creator.data.is_shop ? <i className="mark">{t("feed.shop_mark")}</i> : null}
            </p>
            {creator.data.bio ? <p>{creator.data.bio}</p> : null}
            <dl className="counts">
              <div>
                <dt>{t("creator.followers")}</dt>
                <dd>{format.compact(followers ?? creator.data.followers)}</dd>
              </div>
              <div>
                <dt>{t("creator.likes")}</dt>
                <dd>{format.compact(creator.data.likes)}</dd>
              </div>
              <div>
                <dt>{t("creator.works")}</dt>
                <dd>{format.compact(creator.data.works)}</dd>
              </div>
            </dl>
          </div>
          <FollowButton creator={creator.data} onChanged={setFollowers} />
        </section>
      ) : null}
      {works.isPending ? <SkeletonRows count={2} className="skeleton-block" /> : null}
      {works.isError ? <ErrorState error={works.error} onRetry={() => void works.refetch()} /> : null}
      {works.isSuccess && contents.length === 0 ? <EmptyState icon="feed" title={t("creator.empty")} hint={t("creator.empty_hint")} /> : null}
      <ContentGrid contents={contents} />
      <LoadMore hasMore={works.hasNextPage} busy={works.isFetchingNextPage} onMore={() => void works.fetchNextPage()} />
    </main>
  );
}
