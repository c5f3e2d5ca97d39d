import { useInfiniteQuery } from "@tanstack/react-query";
import { api, unwrap } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { Link } from "react-router";
import { ContentGrid } from "../content/ContentGrid";
import { LoadMore } from "../kit/LoadMore";
import { Segments } from "../kit/Segments";
import { EmptyState, ErrorState, SkeletonRows } from "../kit/states";

type Shelf = "liked" | "saved";

/** What the person liked and saved. */
export function MyContents() {
  const { t } = useTranslation();
  const [shelf, setShelf] = useState<Shelf>("liked");
  const list = useInfiniteQuery({
    queryKey: ["me", shelf],
    queryFn: ({ pageParam }) => {
      const query = { limit: 18, ...(pageParam ? { cursor: pageParam } : {}) };
      return shelf === "liked" ? unwrap(api.GET("/api/v1/me/liked", { params: { query } })) : unwrap(api.GET("/api/v1/me/saved", { params: { query } }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 0,
  });
  const contents = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className="my-contents">
      <Segments<Shelf>
        label={t("me.contents")}
        items={[
          { key: "liked", label: t("me.liked") },
          { key: "saved", label: t("me.saved") },
        ]}
        value={shelf}
        onChange={setShelf}
      />
      {list.isPending ? <SkeletonRows count={3} className="skeleton-block" /> : null}
      {list.isError ? <ErrorState error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isSuccess && contents.length === 0 ? (
        <EmptyState
          icon={shelf === "liked" ? "heart" : "bookmark"}
          title={t(`me.empty.${shelf}`)}
          hint={t(`me.empty_hint.${shelf}`)}
          action={
            <Link className="button button-quiet" to="/">
              {t("pay.to_feed")}
            </Link>
          }
        />
      ) : null}
      <ContentGrid contents={contents} />
      <LoadMore hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
    </section>
  );
}
