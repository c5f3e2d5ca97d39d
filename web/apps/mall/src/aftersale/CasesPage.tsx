import { useFormat, useTranslation } from "@xingqu/i18n";
import { Link, useSearchParams } from "react-router";
import { Avatar, Picture, Price } from "../kit/basics";
import { LoadMore } from "../kit/LoadMore";
import { Segments } from "../kit/Segments";
import { EmptyState, ErrorState, SkeletonRows } from "../kit/states";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import "../orders/orders.css";
import { CaseLine, CaseState } from "./CaseStatus";
import { CASE_TABS, type CaseTab, useCaseCounts, useCases } from "./queries";

/** All of one's own cases, newest first. */
export function CasesPage() {
  const { t } = useTranslation();
  const format = useFormat();
  useTitle(t("aftersale.title"));
  const [search, setSearch] = useSearchParams();
  const tab = CASE_TABS.find((known) => known === search.get("tab")) ?? "all";
  const counts = useCaseCounts();
  const cases = useCases(tab);
  const rows = cases.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <main className="page page-orders">
      <PageHead title={t("aftersale.title")} />
      <Segments<CaseTab>
        label={t("aftersale.title")}
        className="sticky-tabs"
        items={CASE_TABS.map((key) => ({ key, label: t(`aftersale.tab.${key}`), badge: key === "open" || key === "mine" ? counts.data?.[key] : undefined }))}
        value={tab}
        onChange={(next) => setSearch(next === "all" ? {} : { tab: next }, { replace: true })}
      />
      {cases.isPending ? <SkeletonRows count={3} className="skeleton-block" /> : null}
      {cases.isError ? <ErrorState error={cases.error} onRetry={() => void cases.refetch()} /> : null}
      {cases.isSuccess && rows.length === 0 ? (
        <EmptyState icon="shield" title={t("aftersale.empty")} hint={t("aftersale.empty_hint")} action={<Link className="button" to="/orders">{t("nav.orders")}</Link>} />
      ) : null}
      {rows.map((item) => (
        <article key={item.case_no} className="card order-card" data-testid="case-card" data-case-no={item.case_no} data-state={item.state}>
          <header className="order-head">
            <Avatar url={item.shop.avatar_url} name={item.shop.name} size={24} />
            <b>{format.named(item.shop)}</b>
            <CaseState state={item.state} />
          </header>
          <Link className="order-lines" to={`/aftersales/${item.case_no}`}>
            <span className="visually-hidden">{t("aftersale.open", { number: item.case_no })}</span>
            {item.lines.slice(0, 2).map((line) => (
              <span key={line.line_id} className="order-line">
                <Picture url={line.picture_url} alt="" className="line-picture" />
                <span className="order-line-text">
                  <span className="cart-line-name">{line.name}</span>
                  {line.option_text ? <span className="option-text">{line.option_text}</span> : null}
                </span>
                <span className="muted">×{line.quantity}</span>
              </span>
            ))}
            <span className="case-sum">
              <b>{t(`cases.kind.${item.kind}`)}</b>
              {item.pays_back ? <Price money={item.agreed ?? item.asked} size="sm" /> : null}
            </span>
          </Link>
          <CaseLine item={item} />
        </article>
      ))}
      <LoadMore hasMore={cases.hasNextPage} busy={cases.isFetchingNextPage} onMore={() => void cases.fetchNextPage()} />
    </main>
  );
}
