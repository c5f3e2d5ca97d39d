import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, Card, Segmented, Skeleton, Statistic } from "antd";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { EmptyList } from "../table/EmptyList";
import type { FilterSchema } from "../table/url-filters";
import { useUrlFilters } from "../table/use-url-filters";
import { OrdersPanel } from "./OrdersPanel";
import { PayoutsPanel } from "./PayoutsPanel";
import { payeePath, useEarnings } from "./queries";
import { StatementPanel } from "./StatementPanel";

const TABS = ["orders", "statement", "payouts"] as const;
const FILTERS = {
  tab: { type: "choice", choices: TABS, default: "orders" },
  payee: { type: "choice", choices: ["creator", "mcn", "colonel"], default: "creator" },
} as const satisfies FilterSchema;

/** What a workplace earns with commissions: as a creator, an agency or a colonel. */
export default function EarningsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const earnings = useEarnings(shop.id);
  const { values, change } = useUrlFilters(FILTERS);
  const tab = TABS.find((one) => one === values.tab) ?? "orders";
  if (earnings.isPending) return <Skeleton active paragraph={{ rows: 8 }} className="wb-page" aria-label={t("loading")} />;
  if (earnings.isError) return <ErrorView error={earnings.error} onRetry={() => void earnings.refetch()} />;
  const { payees } = earnings.data;
  const payee = payees.find((one) => one.payee === values.payee) ?? payees[0];
  const head = <PageHead title={t("rooms.earnings")} note={t("earnings.note")} />;
  if (!payee) {
    return (
      <div className="wb-page">
        {head}
        <EmptyList filtered={false} onReset={() => undefined} title={t("earnings.no_orders")} help={t("earnings.no_orders_help")} />
      </div>
    );
  }
  const money = (amount_minor: number) => format.money({ amount_minor, currency: payee.currency }, true);
  const path = payeePath(shop.id, payee);
  const figures = [
    ["estimated", payee.estimated_minor],
    ["settled", payee.settled_minor],
    ["available", payee.available_minor],
    ["withdrawing", payee.withdrawing_minor],
  ] as const;
  return (
    <div className="wb-page">
      {head}
      {payees.length > 1 && (
        <div className="wb-filters">
          <Segmented value={payee.payee} onChange={(next) => change({ payee: next })} options={payees.map((one) => ({ value: one.payee, label: t(`earnings.payee.${one.payee}`) }))} />
        </div>
      )}
      <div className="wb-figures wb-section">
        {figures.map(([name, amount]) => (
          <Card key={name} size="small">
            <Statistic title={t(`earnings.figure.${name}`)} value={money(amount)} />
            <span className="wb-muted">{t(`earnings.figure_help.${name}`)}</span>
          </Card>
        ))}
      </div>
      {payee.available_minor < 0 && <Alert type="warning" showIcon title={t("earnings.owing", { sum: money(-payee.available_minor) })} />}
      <div className="wb-filters">
        <Segmented value={tab} onChange={(next) => change({ tab: next })} options={TABS.map((one) => ({ value: one, label: t(`earnings.tab.${one}`) }))} />
      </div>
      {tab === "orders" && <OrdersPanel path={path} payee={payee.payee} />}
      {tab === "statement" && <StatementPanel path={path} />}
      {tab === "payouts" && <PayoutsPanel shopId={shop.id} path={path} payee={payee} earnings={earnings.data} editable={mayEdit(shop.permissions, "earnings")} />}
    </div>
  );
}
