import { useQuery } from "@tanstack/react-query";
import type { components } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useDeferredValue, useState } from "react";
import { get } from "../api/http";
import { SearchPicker } from "./SearchPicker";

export type CreatorBrief = components["schemas"]["FoundAccountOut"];

const useBriefs = (query: { q?: string; ids?: string }, enabled: boolean) =>
  useQuery({ queryKey: ["creators", query], queryFn: ({ signal }) => get<CreatorBrief[]>("/creators", query, signal), enabled, placeholderData: (before) => before, staleTime: 60_000 });

/** Publishing accounts by a part of what they are called; none before something is typed. */
export function useCreatorSearch(typed: string): { creators: CreatorBrief[]; searching: boolean; label: (one: CreatorBrief) => string } {
  const format = useFormat();
  const q = useDeferredValue(typed.trim());
  const found = useBriefs({ q }, q !== "");
  return { creators: q === "" ? [] : (found.data ?? []), searching: found.isFetching, label: (one) => `${format.named({ name: one.display_name, name_en: one.display_name_en })} @${one.handle}` };
}

/** Choose a creator by a part of the name or handle. */
export function CreatorPicker({ id, value, onChange }: { id: string; value: number | null; onChange: (id: number | null) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const { creators, searching, label } = useCreatorSearch(typed);
  const chosen = useBriefs({ ids: String(value) }, value !== null).data?.find((one) => one.id === value);
  const shown = chosen && !creators.some((one) => one.id === value) ? [chosen, ...creators] : creators;
  return (
    <SearchPicker
      id={id}
      testId={id}
      label={t("creator_picker.label")}
      empty={t(typed.trim() === "" ? "creator_picker.type" : "creator_picker.nothing")}
      value={value}
      onChange={onChange}
      onType={setTyped}
      searching={searching}
      options={shown.map((one) => ({ value: one.id, label: label(one) }))}
    />
  );
}
