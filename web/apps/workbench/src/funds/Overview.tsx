import { useFormat, useTranslation } from "@xingqu/i18n";
import { Card, Table } from "antd";
import type { Funds } from "./queries";

const FIGURES = ["available", "pending", "on_hold", "unearned", "withdrawing", "deposit"] as const;

/** The figures, and what will be settled on which day. */
export function Overview({ funds }: { funds: Funds }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = (amount_minor: number) => format.money({ amount_minor, currency: funds.currency }, true);
  const orders = { available: null, pending: funds.pending_orders, on_hold: funds.on_hold_orders, unearned: funds.unearned_orders, withdrawing: null, deposit: null };
  return (
    <>
      <section className="wb-figures wb-section" aria-label={t("funds.figures")}>
        {FIGURES.map((name) => (
          <div key={name} className="wb-panel wb-figure" data-testid={`funds-${name}`}>
            <span className="wb-figure-name">{t(`funds.figure.${name}`)}</span>
            <span className="wb-figure-value wb-number">{money(funds[`${name}_minor`])}</span>
            <span className="wb-muted">{orders[name] === null ? t(`funds.figure_help.${name}`) : t("funds.orders", { count: orders[name] })}</span>
          </div>
        ))}
      </section>
      {funds.available_minor < 0 && <p className="wb-muted">{t("funds.owing")}</p>}
      {funds.upcoming.length > 0 && (
        <Card size="small" className="wb-section" title={t("funds.upcoming")}>
          <Table
            size="small"
            rowKey="day"
            dataSource={funds.upcoming}
            pagination={{ pageSize: 7, hideOnSinglePage: true, size: "small" }}
            columns={[
              { key: "day", title: t("funds.column.day"), render: (_, row) => format.date(row.day) },
              { key: "orders", title: t("funds.column.orders"), align: "right", dataIndex: "orders" },
              { key: "amount", title: t("funds.column.net"), align: "right", render: (_, row) => money(row.amount_minor) },
            ]}
          />
        </Card>
      )}
    </>
  );
}
