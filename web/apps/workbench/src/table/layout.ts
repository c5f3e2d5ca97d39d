import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { App } from "antd";
import type { components } from "@xingqu/client";
import { get, put, remove } from "../api/http";
import type { Page } from "../api/types";
import { errorText } from "../app/errors";
import { readPreference } from "../app/preferences";
import { type Layout, inOrder, plainLayout } from "./arrange";
import type { DataColumn } from "./DataTable";

type Layouts = Page<components["schemas"]["TableLayoutOut"]>;

const KEY = ["table-layouts"];

/** How the signed-in person arranged a table, in every shop and browser of theirs. A choice shows at once and is kept behind it. */
export function useTableLayout<Row>(name: string, columns: DataColumn<Row>[]) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const layouts = useQuery({ queryKey: KEY, queryFn: ({ signal }) => get<Layouts>("/table-layouts", undefined, signal), staleTime: 5 * 60_000, retry: false });
  const kept = layouts.data?.items.find((one) => one.table === name);
  const plain = plainLayout(columns);
  // What was chosen in this browser before choices were kept with the person.
  const layout: Layout = kept ? { hidden: kept.hidden ?? [], order: kept.order ?? [] } : { ...plain, hidden: readPreference<string[] | null>(`columns-${name}`, null) ?? plain.hidden };
  const show = (next: Layout | null) =>
    client.setQueryData<Layouts>(KEY, (now) => {
      const others = (now?.items ?? []).filter((one) => one.table !== name);
      return { next_cursor: null, items: next ? [...others, { table: name, ...next }] : others };
    });
  const change = useMutation({
    mutationFn: (next: Layout | null) => (next ? put<Layouts>(`/table-layouts/${name}`, next) : remove<undefined>(`/table-layouts/${name}`)),
    onMutate: async (next) => {
      await client.cancelQueries({ queryKey: KEY });
      show(next);
    },
    onError: (error) => {
      void message.error(errorText(t, error));
      void client.invalidateQueries({ queryKey: KEY });
    },
  });
  const arranged = inOrder(columns, layout.order);
  return {
    arranged,
    shown: arranged.filter((column) => column.fixed || !layout.hidden.includes(column.key)),
    layout,
    keep: (next: Layout) => change.mutate(next),
    reset: () => {
      localStorage.removeItem(`xq-workbench:columns-${name}`);
      change.mutate(null);
    },
  };
}
