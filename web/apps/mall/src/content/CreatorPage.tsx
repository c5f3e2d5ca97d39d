import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, unwrap } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import { Avatar } from "../kit/basics";
import { LoadMore } from "../kit/LoadMore";
import { Segments } from "../kit/Segments";
import { EmptyState, ErrorState, SkeletonRows } from "../kit/states";
import "../me/me.css";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import { ContentGrid } from "./ContentGrid";
import { CreatorLive, useCreatorRooms } from "./CreatorLive";
import { CreatorShowcase } from "./CreatorShowcase";
import { FollowButton } from "./FollowButton";

export function CreatorPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const creatorId = Number(useParams().creatorId);
  const where = { path: { creator_id: creatorId } };
  const [followers, setFollowers] = useState<number | null>(null);
  const creator = useQuery({ queryKey: ["creator", creatorId], queryFn: () => unwrap(api.GET("/api/v1/creators/{creator_id}", { params: where })) });
  const [search, setSearch] = useSearchParams();
  const tab = search.get("tab") === "showcase" ? "showcase" : "works";
  const onAir = useCreatorRooms(creatorId).data?.find((room) => room.state !== "scheduled");
  const standing = useQuery({
    queryKey: ["creator", creatorId, "standing"],
    queryFn: () => unwrap(api.GET("/api/v1/creators/{creator_id}/standing", { params: where })),
    enabled: creator.data !== undefined && !creator.data.is_shop,
  });
  useTitle(creator.data ? format.displayName(creator.data) : t("creator.title"));
  return (
    <main className="page page-creator">
      <PageHead title={t("creator.title")} />
      {creator.isError ? <ErrorState error={creator.error} onRetry={() => void creator.refetch()} /> : null}
      {creator.isPending ? <SkeletonRows count={1} className="skeleton-block" /> : null}
      {creator.data ? (
        <section className="creator-head">
          {onAir ? (
            <Link to={`/live/${onAir.id}`} className="live-ring" aria-label={t("live.teaser", { name: format.displayName(creator.data) })} data-testid="creator-on-air">
              <Avatar url={creator.data.avatar_url} name={format.displayName(creator.data)} size={84} />
            </Link>
          ) : (
            <Avatar url={creator.data.avatar_url} name={format.displayName(creator.data)} size={84} />
          )}
          <div>
            <h1>{format.displayName(creator.data)}</h1>
            <p className="muted">
              @{creator.data.handle}
              {creator.data.is_shop ? <i className="mark">{t("feed.shop_mark")}</i> : null}
            </p>
            {standing.data && (standing.data.level > 0 || standing.data.score !== null) ? (
              <p className="muted" data-testid="creator-standing">
                {t("creator.level", { level: standing.data.level })}
                {standing.data.score !== null ? ` · ${t("creator.reputation", { score: standing.data.score.toFixed(1) })}` : null}
              </p>
            ) : null}
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
      <CreatorLive creatorId={creatorId} />
      <Segments
        items={[
          { key: "works", label: t("creator.works") },
          { key: "showcase", label: t("creator.showcase") },
        ]}
        value={tab}
        onChange={(next) => setSearch(next === "works" ? {} : { tab: next }, { replace: true })}
        label={t("creator.title")}
      />
      {tab === "showcase" ? <CreatorShowcase key={creatorId} creatorId={creatorId} /> : <Works creatorId={creatorId} />}
    </main>
  );
}

function Works({ creatorId }: { creatorId: number }) {
  const { t } = useTranslation();
  const works = useInfiniteQuery({
    queryKey: ["creator", creatorId, "works"],
    queryFn: ({ pageParam }) =>
      unwrap(api.GET("/api/v1/creators/{creator_id}/contents", { params: { path: { creator_id: creatorId }, query: { limit: 18, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
  const contents = works.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      {works.isPending ? <SkeletonRows count={2} className="skeleton-block" /> : null}
      {works.isError ? <ErrorState error={works.error} onRetry={() => void works.refetch()} /> : null}
      {works.isSuccess && contents.length === 0 ? <EmptyState icon="feed" title={t("creator.empty")} hint={t("creator.empty_hint")} /> : null}
      <ContentGrid contents={contents} />
      <LoadMore hasMore={works.hasNextPage} busy={works.isFetchingNextPage} onMore={() => void works.fetchNextPage()} />
    </>
  );
}
