import { useQuery } from "@tanstack/react-query";
import { api, type ContentCard, unwrap } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { lazy, Suspense, useMemo, useState } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import { contentPath, takeAnswer } from "../early/firstLook";
import { Icon } from "../kit/Icon";
import { Segments } from "../kit/Segments";
import { EmptyState, ErrorState, Skeleton } from "../kit/states";
import "./feed.css";
import { FeedStage } from "./FeedStage";
import { lastPlace, type PlacedItem, type Surface, useFeed } from "./useFeed";

const LiveTeaser = lazy(() => import("../live/LiveTeaser").then(({ LiveTeaser: teaser }) => ({ default: teaser })));

/** The first screen: recommended or followed clips, one a screen. */
export function FeedPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const surface: Surface = search.get("tab") === "following" ? "following" : "for_you";
  const feed = useFeed(surface);
  const [epoch, setEpoch] = useState(0);

  const pick = (next: Surface) => {
    if (next === surface) {
      // the tab that is already open starts afresh
      delete lastPlace[surface];
      setEpoch(epoch + 1);
      void feed.refetch();
      return;
    }
    setSearch(next === "following" ? { tab: "following" } : {}, { replace: true });
  };

  return (
    <main className="feed-page" data-theme="dark">
      <h1 className="visually-hidden">{t("nav.feed")}</h1>
      <header className="feed-top">
        <Segments
          label={t("feed.surfaces")}
          className="feed-tabs"
          items={[
            { key: "following", label: t("feed.following") },
            { key: "for_you", label: t("feed.for_you") },
          ]}
          value={surface}
          onChange={pick}
        />
        <Link className="feed-live-link" to="/live" data-testid="feed-live">
          {t("live.title")}
        </Link>
        <Link className="icon-button feed-search" to="/search" aria-label={t("nav.search")}>
          <Icon name="search" />
        </Link>
      </header>
      {surface === "for_you" && feed.isSuccess ? (
        <Suspense>
          <LiveTeaser />
        </Suspense>
      ) : null}
      <FeedBody key={`${surface}-${epoch}`} surface={surface} feed={feed} onRefresh={() => pick(surface)} />
    </main>
  );
}

/** One piece on its own address (a shared link), with the feed going on below it. */
export function ContentPage() {
  const { t } = useTranslation();
  const contentId = Number(useParams().contentId);
  const feed = useFeed("for_you");
  const lead = useQuery({
    queryKey: ["content", contentId],
    queryFn: async () =>
      (await takeAnswer<ContentCard>(contentPath(contentId))) ??
      (await unwrap(api.GET("/api/v1/contents/{content_id}", { params: { path: { content_id: contentId } } }))),
  });
  const items = useMemo(() => {
    if (!lead.data) return [];
    const first: PlacedItem = { position: 0, content: lead.data, why: null, requestId: "" };
    return [first, ...feed.items.filter((item) => item.content.id !== contentId)];
  }, [lead.data, feed.items, contentId]);
  return (
    <main className="feed-page" data-theme="dark">
      <h1 className="visually-hidden">{t("nav.feed")}</h1>
      <header className="feed-top">
        <Link className="icon-button" to="/" aria-label={t("nav.feed")}>
          <Icon name="back" />
        </Link>
        <Link className="icon-button feed-search" to="/search" aria-label={t("nav.search")}>
          <Icon name="search" />
        </Link>
      </header>
      {lead.isPending ? <FeedSkeleton /> : null}
      {lead.isError ? <ErrorState error={lead.error} onRetry={() => void lead.refetch()} /> : null}
      {items.length > 0 ? (
        <FeedStage items={items} surface="for_you" placeKey={`content-${contentId}`} hasMore={feed.hasNextPage} loadingMore={feed.isFetchingNextPage} onMore={() => void feed.fetchNextPage()} />
      ) : null}
    </main>
  );
}

function FeedBody({ surface, feed, onRefresh }: { surface: Surface; feed: ReturnType<typeof useFeed>; onRefresh: () => void }) {
  const { t } = useTranslation();
  if (feed.isPending) return <FeedSkeleton />;
  if (feed.isError && feed.items.length === 0) return <ErrorState error={feed.error} onRetry={() => void feed.refetch()} />;
  if (feed.items.length === 0) {
    return surface === "following" ? (
      <EmptyState icon="me" title={t("feed.following_empty")} hint={t("feed.following_empty_hint")} action={<Link className="button" to="/">{t("feed.to_for_you")}</Link>} />
    ) : (
      <EmptyState icon="feed" title={t("feed.empty")} hint={t("feed.empty_hint")} action={<button type="button" className="button" onClick={onRefresh}>{t("feed.refresh")}</button>} />
    );
  }
  return (
    <FeedStage
      items={feed.items}
      surface={surface}
      placeKey={surface}
      hasMore={feed.hasNextPage}
      loadingMore={feed.isFetchingNextPage}
      failed={feed.isFetchNextPageError}
      onMore={() => void feed.fetchNextPage()}
      onRefresh={onRefresh}
    />
  );
}

function FeedSkeleton() {
  const { t } = useTranslation("common");
  return (
    <div className="feed-skeleton" role="status" aria-label={t("loading")}>
      <div className="stage">
        <Skeleton className="stage-skeleton" />
        <div className="foot">
          <Skeleton className="skeleton-anchor" />
          <Skeleton className="skeleton-line" count={2} />
        </div>
      </div>
    </div>
  );
}
