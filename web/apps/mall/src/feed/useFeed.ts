import { type InfiniteData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { api, type FeedFlash, type FeedItem, type FeedPage, unwrap, type Why } from "@xingqu/client";
import { useMemo } from "react";
import { FEED_PAGE_SIZE, feedPath, takeAnswer } from "../early/firstLook";
import { signals } from "../signals/signals";

export type Surface = "for_you" | "following";

/** The next page waits for the signals before it, but no longer than this. */
const FLUSH_PATIENCE_MS = 1_500;
const EXCLUDE_LAST = 60;

/** A card with the page it came by; `why` is null for one that was opened by its own address. */
export interface PlacedItem extends Pick<FeedItem, "position" | "content"> {
  why: Why | null;
  requestId: string;
  /** Flash prices of its products; a clip that was opened by its address has none and shows the usual price. */
  flash?: FeedFlash[];
}

const feedKey = (surface: Surface) => ["feed", surface];

function itemsOf(data: InfiniteData<FeedPage> | undefined): PlacedItem[] {
  const seen = new Set<number>();
  const items: PlacedItem[] = [];
  for (const page of data?.pages ?? []) {
    for (const item of page.items) {
      if (seen.has(item.content.id)) continue;
      seen.add(item.content.id);
      items.push({ ...item, requestId: page.request_id });
    }
  }
  return items;
}

async function fetchPage(surface: Surface, known: number[]): Promise<FeedPage> {
  const early = await takeAnswer<FeedPage>(feedPath(surface));
  if (early) return early;
  await Promise.race([signals.flush(), new Promise((resolve) => setTimeout(resolve, FLUSH_PATIENCE_MS))]);
  const exclude = known.slice(-EXCLUDE_LAST).join(",");
  const query = { surface, size: FEED_PAGE_SIZE, ...(exclude ? { exclude } : {}) };
  return unwrap(api.GET("/api/v1/feed", { params: { query } }));
}

/** The feed of a surface as one growing list. Each page is asked for after the signals before it were taken. */
export function useFeed(surface: Surface) {
  const client = useQueryClient();
  const query = useInfiniteQuery({
    queryKey: feedKey(surface),
    queryFn: () => {
      const known = itemsOf(client.getQueryData<InfiniteData<FeedPage>>(feedKey(surface))).map((item) => item.content.id);
      return fetchPage(surface, known);
    },
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (last.exhausted || last.items.length === 0 ? undefined : pages.length),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    refetchOnReconnect: false,
    refetchOnWindowFocus: false,
  });
  const items = useMemo(() => itemsOf(query.data), [query.data]);
  return { ...query, items };
}

/** Takes cards out of the feed, of all surfaces: they aren't wanted. */
export function useRemoveFromFeed() {
  const client = useQueryClient();
  return (unwanted: (item: FeedItem) => boolean) => {
    client.setQueriesData<InfiniteData<FeedPage>>({ queryKey: ["feed"] }, (data) =>
      data
        ? { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.filter((item) => !unwanted(item)) })) }
        : data,
    );
  };
}

/** Where each surface was left, to come back to after a purchase or a look around. */
export const lastPlace: Partial<Record<string, number>> = {};
