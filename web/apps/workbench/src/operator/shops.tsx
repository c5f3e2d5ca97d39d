import { useQuery } from "@tanstack/react-query";
import type { components } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useDeferredValue, useState } from "react";
import { get } from "../api/http";
import { SearchPicker } from "../app/SearchPicker";

type Workplace = components["schemas"]["OrganisationOut"];
/** How many numbers a look-up takes at most. */
const MOST = 200;

const usePlaces = (query: { q?: string; ids?: string; kind?: string }, enabled: boolean) =>
  useQuery({ queryKey: ["workplaces", query], queryFn: ({ signal }) => get<Workplace[]>("/platform/organisations", query, signal), enabled, placeholderData: (before) => before, staleTime: 60_000 });

/** What a list's workplaces are called, by number; "#7" until it is known. For operators. */
export function useShopNames(ids: readonly (number | null)[]): (id: number | null) => string {
  const format = useFormat();
  const wanted = [...new Set(ids)].filter((id) => id !== null).sort((a, b) => a - b);
  const found = usePlaces({ ids: wanted.slice(0, MOST).join(",") }, wanted.length > 0);
  return (id) => {
    if (id === null) return "–";
    const place = found.data?.find((each) => each.id === id);
    return place ? format.named(place) : `#${id}`;
  };
}

interface ShopPickerProps {
  id?: string;
  kind?: "merchant";
  value: number | null;
  onChange: (id: number | null) => void;
  className?: string;
}

/** Choose a shop by a part of its name, or by its number. For operators. */
export function ShopPicker({ id, kind, value, onChange, className }: ShopPickerProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [text, setText] = useState("");
  const q = useDeferredValue(text.trim());
  const found = usePlaces({ q, ...(kind && { kind }) }, q !== "");
  const chosen = useShopNames([value]);
  const options = (q === "" ? [] : (found.data ?? [])).map((place) => ({ value: place.id, label: `${format.named(place)} (${place.id})` }));
  if (value !== null && !options.some((each) => each.value === value)) options.unshift({ value, label: `${chosen(value)} (${value})` });
  return (
    <SearchPicker
      {...(id && { id })}
      {...(className && { className })}
      testId="shop-picker"
      label={t("operator.shop_picker.label")}
      empty={t(q === "" ? "operator.shop_picker.type" : "operator.shop_picker.nothing")}
      value={value}
      onChange={onChange}
      onType={setText}
      searching={found.isFetching}
      options={options}
    />
  );
}
