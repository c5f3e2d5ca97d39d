import { useQuery } from "@tanstack/react-query";
import { api, type Category, type MallSection, unwrap } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Link } from "react-router";
import { Picture } from "../kit/basics";
import { Icon } from "../kit/Icon";
import { EmptyState, ErrorState, Skeleton } from "../kit/states";
import { FlashShelf } from "../programmes/FlashShelf";
import { useTitle } from "../shell/useTitle";
import { ProductGrid, ProductGridSkeleton } from "./ProductGrid";
import { useCategories } from "./queries";
import "./shelf.css";

const TITLES = new Set(["categories", "for_you_products", "interest_shelf", "deals", "new"]);

/** The shelf: categories, what fits the person, deals, what is new. */
export function MallPage() {
  const { t } = useTranslation();
  useTitle(t("nav.mall"));
  const mall = useQuery({ queryKey: ["mall"], queryFn: () => unwrap(api.GET("/api/v1/mall")) });
  const categories = useCategories();
  const sections = mall.data?.sections.filter((section) => section.kind !== "categories" && section.products.length > 0) ?? [];
  return (
    <main className="page page-mall">
      <div className="mall-head">
        <h1 className="visually-hidden">{t("nav.mall")}</h1>
        <Link className="search-link" to="/search" data-testid="mall-search">
          <Icon name="search" size={18} />
          {t("search.placeholder")}
        </Link>
      </div>
      {categories.data ? <CategoryStrip categories={categories.data} /> : <Skeleton className="skeleton-strip" />}
      <FlashShelf />
      {mall.isPending ? <ProductGridSkeleton count={8} /> : null}
      {mall.isError ? <ErrorState error={mall.error} onRetry={() => void mall.refetch()} /> : null}
      {mall.isSuccess && sections.length === 0 ? <EmptyState icon="shop" title={t("mall.empty")} hint={t("mall.empty_hint")} /> : null}
      {sections.map((section, index) => (
        <ShelfSection key={`${section.kind}-${section.title_code}-${index}`} section={section} />
      ))}
    </main>
  );
}

function ShelfSection({ section }: { section: MallSection }) {
  const { t, i18n } = useTranslation();
  const data = section.title_data as Record<string, string | undefined>;
  const tag = (i18n.language === "en" && (data.tag_en || data.name_en)) || data.tag || data.name || "";
  const kind = TITLES.has(section.kind) ? section.kind : "for_you_products";
  const row = kind !== "for_you_products";
  return (
    <section className="shelf" data-testid={`shelf-${section.kind}`}>
      <h2>
        {kind === "deals" ? <Icon name="flame" size={18} /> : null}
        {t(`mall.section.${kind}`, { tag })}
      </h2>
      <ProductGrid products={section.products} surface="mall" layout={row ? "row" : "grid"} />
    </section>
  );
}

function CategoryStrip({ categories }: { categories: Category[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <nav className="category-strip" aria-label={t("mall.categories")}>
      {categories.map((category) => (
        <Link key={category.id} to={`/category/${category.id}`} data-testid="category-link">
          {category.cover_url ? (
            <Picture url={category.cover_url} alt="" />
          ) : (
            <span className="category-letter" aria-hidden="true">
              {[...format.named(category)][0]}
            </span>
          )}
          <span>{format.named(category)}</span>
        </Link>
      ))}
    </nav>
  );
}
