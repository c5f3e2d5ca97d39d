import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Modal, Segmented, Table, Tag } from "antd";
import { useState } from "react";
import { rateText } from "../alliance/rates";
import { type DataColumn, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { usePages } from "../table/use-pages";
import { derivation, mine } from "./derivation";
import { type CommissionOrder, commissionsPage, type Payee } from "./queries";

const STATES = ["all", "paid", "confirmed", "settled", "refunded"] as const;
const COLOUR = { paid: "processing", confirmed: "warning", settled: "success", refunded: "default" } as const;

/** Orders that earn: estimated and real side by side, each with how it came about. */
export function OrdersPanel({ path, payee }: { path: string; payee: Payee["payee"] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [state, setState] = useState<(typeof STATES)[number]>("all");
  const [explained, setExplained] = useState<CommissionOrder | null>(null);
  const pages = usePages<CommissionOrder>(["earnings", path, "commissions", state], commissionsPage(path, state));
  const money = (row: CommissionOrder, amount_minor: number) => format.money({ amount_minor, currency: row.currency }, true);
  const shown = (row: CommissionOrder) => <Tag color={COLOUR[row.state]}>{t(`alliance.state.${row.state}`)}</Tag>;
  const real = (row: CommissionOrder) => (row.state === "settled" ? <strong>{money(row, mine(row, payee))}</strong> : "–");
  const why = (row: CommissionOrder) => (
    <Button size="small" type="link" onClick={() => setExplained(row)} data-testid="earning-why">
      {t("earnings.why")}
    </Button>
  );
  const columns: DataColumn<CommissionOrder>[] = [
    { key: "order", title: t("alliance.column.order"), width: 190, fixed: "left", render: (row) => row.order_no },
    { key: "product", title: t("alliance.column.product"), width: 200, render: (row) => row.product_name },
    { key: "creator", title: t("alliance.column.creator"), width: 110, render: (row) => row.creator_name },
    { key: "state", title: t("alliance.column.state"), width: 90, render: shown },
    { key: "base", title: t("alliance.column.base"), width: 110, align: "right", render: (row) => money(row, row.base_minor) },
    { key: "estimated", title: t("earnings.column.estimated"), width: 110, align: "right", render: (row) => money(row, mine(row, payee)) },
    { key: "real", title: t("earnings.column.real"), width: 100, align: "right", render: real },
    { key: "paid", title: t("alliance.column.paid"), width: 120, render: (row) => format.dateTime(row.paid_at) },
    { key: "why", title: "", width: 150, render: why },
  ];
  return (
    <>
      <div className="wb-filters">
        <Segmented size="small" value={state} onChange={setState} options={STATES.map((one) => ({ value: one, label: t(`alliance.state.${one}`) }))} />
        <span className="wb-muted">{t("earnings.states_help")}</span>
      </div>
      <DataTable
        name="earnings-orders"
        columns={columns}
        rowKey={(row) => row.id}
        pages={pages}
        rowTestId="earning"
        empty={<EmptyList filtered={state !== "all"} onReset={() => setState("all")} title={t("earnings.no_orders")} help={t("earnings.no_orders_help")} />}
        renderCard={(row) => (
          <>
            <div>
              {row.product_name} {shown(row)}
            </div>
            <div>
              {t("earnings.column.estimated")} {money(row, mine(row, payee))} · {t("earnings.column.real")} {real(row)}
            </div>
            <div className="wb-muted">
              {row.order_no} {why(row)}
            </div>
          </>
        )}
      />
      {explained && (
        <Modal open title={t("earnings.why_title", { order: explained.order_no })} footer={null} onCancel={() => setExplained(null)}>
          <p className="wb-muted">{t("earnings.why_help", { plan: t(`alliance.kind.${explained.plan_kind}`) })}</p>
          <Table
            size="small"
            showHeader={false}
            pagination={false}
            rowKey="name"
            dataSource={derivation(explained, payee)}
            columns={[
              { key: "name", render: (_, step) => t(`earnings.step.${step.name}`) },
              { key: "rate", align: "right", render: (_, step) => (step.rate_bp === undefined ? "" : rateText(step.rate_bp)) },
              { key: "amount", align: "right", render: (_, step) => (step.name === "mine" ? <strong>{money(explained, step.amount_minor)}</strong> : money(explained, step.amount_minor)) },
            ]}
          />
        </Modal>
      )}
    </>
  );
}
