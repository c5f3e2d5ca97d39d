import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { api, unwrap } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useDeferredValue, useState } from "react";
import { Link } from "react-router";
import { LoadMore } from "../kit/LoadMore";
import { EmptyState, ErrorState } from "../kit/states";
import { ProductGrid, ProductGridSkeleton } from "../shelf/ProductGrid";

/** A creator's showcase (橱窗): what they sell, with a search within. What is opened here is credited to them. */
export function CreatorShowcase({ creatorId }: { creatorId: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [typed, setTyped] = useState("");
  const q = useDeferredValue(typed.trim());
  const list = useInfiniteQuery({
    queryKey: ["creator", creatorId, "showcase", q],
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET("/api/v1/creators/{creator_id}/showcase", {
          params: { path: { creator_id: creatorId }, query: { limit: 20, ...(q ? { q } : {}), ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const byProduct = new Map(items.map((item) => [item.product.id, item]));
  const note = (productId: number) => {
    const item = byProduct.get(productId);
    if (!item?.explained_at) return null;
    const when = t("creator.explained", { when: format.relative(item.explained_at) });
    return item.clip_id ? (
      <Link className="tile-note" to={`/content/${item.clip_id}`}>
        {when}
      </Link>
    ) : (
      <span className="tile-note">{when}</span>
    );
  };
  return (
    <section data-testid="creator-showcase">
      {items.length > 0 || typed ? (
        <input type="search" className="showcase-search" maxLength={120} value={typed} onChange={(event) => setTyped(event.target.value)} placeholder={t("creator.search_showcase")} aria-label={t("creator.search_showcase")} data-testid="showcase-search" />
      ) : null}
      {list.isPending ? <ProductGridSkeleton /> : null}
      {list.isError ? <ErrorState error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isSuccess && items.length === 0 ? (
        <EmptyState icon="shop" title={t(q ? "creator.showcase_no_hits" : "creator.showcase_empty")} hint={t(q ? "creator.showcase_no_hits_hint" : "creator.showcase_empty_hint")} />
      ) : null}
      <ProductGrid products={items.map((item) => item.product)} surface="creator" touchOf={(productId) => byProduct.get(productId)?.touch ?? ""} note={note} />
      <LoadMore hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
    </section>
  );
}
