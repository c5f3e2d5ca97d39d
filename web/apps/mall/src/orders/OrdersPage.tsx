import { useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { useOpenCases } from "../aftersale/queries";
import { LoadMore } from "../kit/LoadMore";
import { Segments } from "../kit/Segments";
import { EmptyState, ErrorState, SkeletonRows } from "../kit/states";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import { OrderCard } from "./OrderCard";
import "./orders.css";
import { PayTogether } from "./PayTogether";
import { type OrderTab, TABS, useOrderCounts, useOrders, usePayable } from "./queries";
import { toggled } from "./together";

const COUNTED = new Set<OrderTab>(["unpaid", "to_ship", "shipped", "to_review"]);

export function OrdersPage() {
  const { t } = useTranslation();
  useTitle(t("nav.orders"));
  const [search, setSearch] = useSearchParams();
  const tab = TABS.find((known) => known === search.get("tab")) ?? "all";
  const counts = useOrderCounts();
  const orders = useOrders(tab);
  const cases = useOpenCases(counts.isSuccess);
  const payable = usePayable(tab === "unpaid").data ?? [];
  const [chosen, setChosen] = useState<string[]>([]);
  // One order alone has its own button.
  const offers = tab === "unpaid" && payable.length > 1;
  const rows = orders.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <main className="page page-orders">
      <PageHead title={t("nav.orders")} />
      <Segments<OrderTab>
        label={t("orders.tabs")}
        className="sticky-tabs"
        items={TABS.map((key) => ({ key, label: t(`orders.tab.${key}`), badge: COUNTED.has(key) ? counts.data?.[key] : undefined }))}
        value={tab}
        onChange={(next) => setSearch(next === "all" ? {} : { tab: next }, { replace: true })}
      />
      {orders.isPending ? <SkeletonRows count={3} className="skeleton-block" /> : null}
      {orders.isError ? <ErrorState error={orders.error} onRetry={() => void orders.refetch()} /> : null}
      {orders.isSuccess && rows.length === 0 ? (
        <EmptyState icon="orders" title={t(`orders.empty.${tab}`)} hint={t("orders.empty_hint")} action={<Link className="button" to="/mall">{t("mall.to_mall")}</Link>} />
      ) : null}
      {rows.map((order) =>
        offers && payable.some((one) => one.order_no === order.parent_order_no) ? (
          <div key={order.order_no} className="order-pick">
            <input
              type="checkbox"
              checked={chosen.includes(order.parent_order_no)}
              onChange={() => setChosen(toggled(chosen, order.parent_order_no))}
              aria-label={t("orders.together.choose", { number: order.order_no })}
              data-testid="choose-order"
            />
            <OrderCard order={order} openCase={cases.data?.get(order.order_no)} />
          </div>
        ) : (
          <OrderCard key={order.order_no} order={order} openCase={cases.data?.get(order.order_no)} />
        ),
      )}
      <LoadMore hasMore={orders.hasNextPage} busy={orders.isFetchingNextPage} onMore={() => void orders.fetchNextPage()} />
      {offers ? <PayTogether payable={payable} chosen={chosen} onChooseAll={() => setChosen(payable.map((one) => one.order_no))} /> : null}
    </main>
  );
}
