import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Page } from "../api/types";

export type FetchPage<Row> = (cursor: string | null, signal?: AbortSignal) => Promise<Page<Row>>;

/**
 * Pages of a cursor list: one page is shown, the next is fetched ahead, the former stays on
 * screen while another loads. `queryKey` names the filtered list; when it changes, page one.
 */
export function usePages<Row>(queryKey: readonly unknown[], fetchPage: FetchPage<Row>) {
  const client = useQueryClient();
  const listName = JSON.stringify(queryKey);
  const [place, setPlace] = useState<{ list: string; cursors: (string | null)[] }>({ list: listName, cursors: [null] });
  const cursors = place.list === listName ? place.cursors : [null];
  const cursor = cursors.at(-1) ?? null;
  const query = useQuery({
    queryKey: [...queryKey, cursor],
    queryFn: ({ signal }) => fetchPage(cursor, signal),
    placeholderData: keepPreviousData,
  });
  const next = query.isPlaceholderData ? null : (query.data?.next_cursor ?? null);
  useEffect(() => {
    if (!next) return;
    void client.prefetchQuery({ queryKey: [...queryKey, next], queryFn: ({ signal }) => fetchPage(next, signal) });
    // The list's name stands for its key and fetcher.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [listName, next, client]);
  return {
    query,
    rows: query.data?.items ?? [],
    /** From 1. */
    pageNumber: cursors.length,
    goNext: next ? () => setPlace({ list: listName, cursors: [...cursors, next] }) : null,
    goBack: cursors.length > 1 ? () => setPlace({ list: listName, cursors: cursors.slice(0, -1) }) : null,
    /** Filters changed and the rows on screen are still the former ones. */
    changing: query.isPlaceholderData,
  };
}

/** Reads a whole list page by page, for exports; stops at `limit_rows`. */
export async function fetchAll<Row>(fetchPage: FetchPage<Row>, limit_rows: number): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Row> = await fetchPage(cursor);
    rows.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor && rows.length < limit_rows);
  return rows.slice(0, limit_rows);
}
