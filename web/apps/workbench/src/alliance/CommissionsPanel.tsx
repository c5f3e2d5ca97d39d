import { useFormat, useTranslation } from "@xingqu/i18n";
import { Segmented, Space, Tag } from "antd";
import { Link } from "react-router";
import { ColumnChoice, type DataColumn, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { ExportButton } from "../table/ExportButton";
import { SavedViews } from "../table/SavedViews";
import { usePages } from "../table/use-pages";
import { type CommissionOrder, commissionsPage, useSums } from "./queries";
import { rateText } from "./rates";

export const COMMISSION_STATES = ["all", "paid", "confirmed", "settled", "refunded"] as const;
const COLOUR = { paid: "processing", confirmed: "warning", settled: "success", refunded: "default" } as const;

/** Orders that creators brought, and what they cost the shop. */
export function CommissionsPanel({ shopId, chosen, onChoose }: { shopId: number; chosen: string | undefined; onChoose: (state: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const state = COMMISSION_STATES.find((one) => one === chosen) ?? "all";
  const sums = useSums(shopId);
  const pages = usePages<CommissionOrder>(["alliance", shopId, "commissions", state], commissionsPage(shopId, state));
  const money = (row: { currency: string }, amount_minor: number) => format.money({ amount_minor, currency: row.currency }, true);
  const order = (row: CommissionOrder) => <Link to={`/shops/${shopId}/orders?order=${row.order_no}`}>{row.order_no}</Link>;
  const shown = (row: CommissionOrder) => <Tag color={COLOUR[row.state]}>{t(`alliance.state.${row.state}`)}</Tag>;
  const columns: DataColumn<CommissionOrder>[] = [
    { key: "order", title: t("alliance.column.order"), width: 220, fixed: "left", render: order },
    { key: "creator", title: t("alliance.column.creator"), width: 140, render: (row) => row.creator_name },
    { key: "product", title: t("alliance.column.product"), width: 240, render: (row) => row.product_name },
    { key: "state", title: t("alliance.column.state"), width: 100, render: shown },
    { key: "base", title: t("alliance.column.base"), width: 120, align: "right", render: (row) => money(row, row.base_minor) },
    { key: "commission", title: t("alliance.column.commission"), width: 90, align: "right", render: (row) => rateText(row.commission_bp) },
    { key: "estimated", title: t("alliance.column.estimated"), width: 110, align: "right", render: (row) => money(row, row.estimated_minor) },
    { key: "amount", title: t("alliance.column.amount"), width: 110, align: "right", render: (row) => money(row, row.amount_minor) },
    { key: "cost", title: t("alliance.column.cost"), width: 110, align: "right", render: (row) => <strong>{money(row, row.cost_minor)}</strong> },
    { key: "paid", title: t("alliance.column.paid"), width: 170, render: (row) => format.dateTime(row.paid_at) },
  ];
  const sumOf = (one: string) => {
    const found = sums.data?.find((row) => row.state === one);
    return found ? t("alliance.sum", { count: found.orders, cost: money({ currency: "CNY" }, found.cost_minor) }) : "";
  };
  return (
    <>
      <div className="wb-filters">
        <Segmented size="small" value={state} onChange={onChoose} options={COMMISSION_STATES.map((one) => ({ value: one, label: t(`alliance.state.${one}`) }))} />
        <span className="wb-muted" aria-live="polite">
          {state === "all" ? t("alliance.cost_help") : sumOf(state)}
        </span>
        <Space className="wb-filters-end">
          <ExportButton path={`/shops/${shopId}/alliance/commissions`} query={{ state: state === "all" ? undefined : state }} testId="commissions-export" />
          <SavedViews table="commissions" plain="tab=commissions" />
          <ColumnChoice name="alliance-commissions" columns={columns} />
        </Space>
      </div>
      <DataTable
        name="alliance-commissions"
        columns={columns}
        rowKey={(row) => row.id}
        pages={pages}
        rowTestId="commission"
        empty={<EmptyList filtered={state !== "all"} onReset={() => onChoose("all")} title={t("alliance.no_orders")} help={t("alliance.no_orders_help")} />}
        renderCard={(row) => (
          <>
            <div>
              {order(row)} {shown(row)}
            </div>
            <div>
              {row.creator_name} · {row.product_name}
            </div>
            <div>
              {t("alliance.column.cost")} <strong>{money(row, row.cost_minor)}</strong> <span className="wb-muted">{rateText(row.commission_bp)}</span>
            </div>
          </>
        )}
      />
    </>
  );
}
