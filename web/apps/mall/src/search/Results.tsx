import { useTranslation } from "@xingqu/i18n";
import { type FormEvent, useState } from "react";
import { useSearchParams } from "react-router";
import { ContentGrid } from "../content/ContentGrid";
import { Icon } from "../kit/Icon";
import { LoadMore } from "../kit/LoadMore";
import { Segments } from "../kit/Segments";
import { EmptyState, ErrorState } from "../kit/states";
import { ProductGrid, ProductGridSkeleton } from "../shelf/ProductGrid";
import { type Kind, type SearchInput, type Sort, SORTS, useSearch } from "./queries";

function readInput(q: string, search: URLSearchParams): SearchInput {
  const sort = SORTS.find((known) => known === search.get("sort")) ?? "relevance";
  const number = (name: string) => {
    const value = Number(search.get(name));
    return Number.isSafeInteger(value) && value > 0 ? value : undefined;
  };
  const category = number("category");
  const min = number("min");
  const max = number("max");
  return {
    q,
    kind: search.get("kind") === "contents" ? "contents" : "products",
    sort,
    ...(category ? { category_id: category } : {}),
    ...(min ? { min_price_minor: min * 100 } : {}),
    ...(max ? { max_price_minor: max * 100 } : {}),
  };
}

export function Results({ q, onSearch }: { q: string; onSearch: (text: string) => void }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const input = readInput(q, search);
  const results = useSearch(input);
  const first = results.data?.pages[0];
  const products = results.data?.pages.flatMap((page) => page.products) ?? [];
  const contents = results.data?.pages.flatMap((page) => page.contents) ?? [];
  const none = results.isSuccess && products.length + contents.length === 0;
  const change = (changes: Record<string, string | null>) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    setSearch(next, { replace: true });
  };
  return (
    <>
      <Segments<Kind>
        label={t("search.kinds")}
        items={[
          { key: "products", label: t("search.products") },
          { key: "contents", label: t("search.contents") },
        ]}
        value={input.kind}
        onChange={(kind) => change({ kind })}
      />
      {input.kind === "products" ? <SortBar input={input} facets={first?.facets.categories ?? []} onChange={change} /> : null}
      {first?.corrected_query ? (
        <p className="muted corrected">
          {t("search.corrected", { query: first.corrected_query })}
        </p>
      ) : null}
      {results.isPending ? <ProductGridSkeleton count={8} /> : null}
      {results.isError ? <ErrorState error={results.error} onRetry={() => void results.refetch()} /> : null}
      {none ? <NoResults q={q} suggestions={first?.suggestions ?? []} onSearch={onSearch} /> : null}
      <div className={results.isPlaceholderData ? "fading" : ""} data-testid="search-results">
        {products.length > 0 ? <ProductGrid products={products} surface="search" /> : null}
        {contents.length > 0 ? <ContentGrid contents={contents} /> : null}
      </div>
      <LoadMore hasMore={results.hasNextPage} busy={results.isFetchingNextPage} onMore={() => void results.fetchNextPage()} />
    </>
  );
}

interface SortBarProps {
  input: SearchInput;
  facets: { id: number; name: string; count: number }[];
  onChange: (changes: Record<string, string | null>) => void;
}

function SortBar({ input, facets, onChange }: SortBarProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const filtered = Boolean(input.category_id || input.min_price_minor || input.max_price_minor);
  const priceSort: Sort = input.sort === "price_asc" ? "price_desc" : "price_asc";
  const sorts: { key: Sort; label: string; on: boolean }[] = [
    { key: "relevance", label: t("search.sort.relevance"), on: input.sort === "relevance" },
    { key: "sales", label: t("search.sort.sales"), on: input.sort === "sales" },
    { key: "new", label: t("search.sort.new"), on: input.sort === "new" },
    {
      key: priceSort,
      label: input.sort === "price_desc" ? t("search.sort.price_desc") : input.sort === "price_asc" ? t("search.sort.price_asc") : t("search.sort.price"),
      on: input.sort.startsWith("price"),
    },
  ];
  return (
    <>
      <div className="sort-bar">
        {sorts.map((sort) => (
          <button key={sort.key} type="button" aria-pressed={sort.on} onClick={() => onChange({ sort: sort.key })}>
            {sort.label}
          </button>
        ))}
        <button type="button" className="filter-toggle" aria-expanded={open} aria-pressed={filtered} onClick={() => setOpen(!open)}>
          <Icon name="filter" size={16} />
          {t("search.filter")}
        </button>
      </div>
      {open ? <Filters input={input} facets={facets} onChange={onChange} /> : null}
    </>
  );
}

function Filters({ input, facets, onChange }: SortBarProps) {
  const { t } = useTranslation();
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    onChange({ min: String(data.get("min") ?? ""), max: String(data.get("max") ?? "") });
  };
  return (
    <div className="filters">
      {facets.length > 0 ? (
        <div className="chips">
          {facets.map((facet) => (
            <button
              key={facet.id}
              type="button"
              className="chip"
              aria-pressed={facet.id === input.category_id}
              onClick={() => onChange({ category: facet.id === input.category_id ? null : String(facet.id) })}
            >
              {facet.name} <small>{facet.count}</small>
            </button>
          ))}
        </div>
      ) : null}
      <form className="price-filter" onSubmit={onSubmit}>
        <span>{t("search.price_between")}</span>
        <input name="min" inputMode="numeric" pattern="[0-9]*" maxLength={7} defaultValue={input.min_price_minor ? input.min_price_minor / 100 : ""} aria-label={t("search.price_min")} />
        <span>–</span>
        <input name="max" inputMode="numeric" pattern="[0-9]*" maxLength={7} defaultValue={input.max_price_minor ? input.max_price_minor / 100 : ""} aria-label={t("search.price_max")} />
        <button type="submit" className="button button-small button-quiet">
          {t("search.apply")}
        </button>
        <button type="button" className="text-button" onClick={() => onChange({ min: null, max: null, category: null })}>
          {t("search.reset")}
        </button>
      </form>
    </div>
  );
}

function NoResults({ q, suggestions, onSearch }: { q: string; suggestions: string[]; onSearch: (text: string) => void }) {
  const { t } = useTranslation();
  return (
    <EmptyState
      icon="search"
      title={t("search.none", { query: q })}
      hint={t("search.none_hint")}
      action={
        suggestions.length > 0 ? (
          <div className="chips centred">
            {suggestions.map((text) => (
              <button key={text} type="button" className="chip" onClick={() => onSearch(text)}>
                {text}
              </button>
            ))}
          </div>
        ) : undefined
      }
    />
  );
}
