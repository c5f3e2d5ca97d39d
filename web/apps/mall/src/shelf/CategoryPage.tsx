import { useFormat, useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { LoadMore } from "../kit/LoadMore";
import { EmptyState, ErrorState } from "../kit/states";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import { ProductGrid, ProductGridSkeleton } from "./ProductGrid";
import { findCategory, SHELF_SORTS, type ShelfSort, useCategories, useShelf } from "./queries";
import "./shelf.css";

export function CategoryPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const categoryId = Number(useParams().categoryId);
  const [sort, setSort] = useState<ShelfSort>("sales");
  const categories = useCategories();
  const shelf = useShelf(categoryId, sort);
  const path = findCategory(categories.data ?? [], categoryId) ?? [];
  const current = path.at(-1);
  const top = path[0];
  const title = current ? format.named(current) : t("mall.category");
  useTitle(title);
  const products = shelf.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <main className="page">
      <PageHead title={title} />
      {top && top.children.length > 0 ? (
        <nav className="chips scroll" aria-label={t("mall.categories")}>
          <Link className="chip" aria-current={current?.id === top.id ? "page" : undefined} to={`/category/${top.id}`}>
            {t("mall.all")}
          </Link>
          {top.children.map((child) => (
            <Link key={child.id} className="chip" aria-current={current?.id === child.id ? "page" : undefined} to={`/category/${child.id}`}>
              {format.named(child)}
            </Link>
          ))}
        </nav>
      ) : null}
      <div className="sort-bar">
        {SHELF_SORTS.map((key) => (
          <button key={key} type="button" aria-pressed={key === sort} onClick={() => setSort(key)}>
            {t(`search.sort.${key}`)}
          </button>
        ))}
      </div>
      {shelf.isPending ? <ProductGridSkeleton count={8} /> : null}
      {shelf.isError ? <ErrorState error={shelf.error} onRetry={() => void shelf.refetch()} /> : null}
      {shelf.isSuccess && products.length === 0 ? (
        <EmptyState icon="box" title={t("mall.category_empty")} action={<Link className="button" to="/mall">{t("mall.to_mall")}</Link>} />
      ) : null}
      <ProductGrid products={products} surface="mall" />
      <LoadMore hasMore={shelf.hasNextPage} busy={shelf.isFetchingNextPage} onMore={() => void shelf.fetchNextPage()} />
    </main>
  );
}
