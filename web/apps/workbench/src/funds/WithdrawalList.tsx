import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Space, Tag } from "antd";
import { type ReactNode, useState } from "react";
import { useShopNames } from "../operator/shops";
import { ColumnChoice, DataTable, type DataColumn } from "../table/DataTable";
import { ExportButton } from "../table/ExportButton";
import { SavedViews } from "../table/SavedViews";
import { usePages } from "../table/use-pages";
import { ReturnDialog } from "../taxes/ReturnDialog";
import { type Withdrawal, withdrawalsPage } from "./queries";

const COLOUR = { asked: "processing", unknown: "warning", paid: "success", failed: "error" } as const;

/** Withdrawals, newest first; for operators (`showShop`) with the tax, which they can give back. */
export function WithdrawalList({ path, queryKey, showShop, empty }: { path: string; queryKey: unknown[]; showShop: boolean; empty: ReactNode }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [giving, setGiving] = useState<Withdrawal | null>(null);
  const pages = usePages<Withdrawal>(queryKey, withdrawalsPage(path));
  const state = (row: Withdrawal) => (
    <>
      <Tag color={COLOUR[row.state]}>{t(`funds.withdrawal.${row.state}`)}</Tag>
      {row.failure && <span className="wb-muted">{t(`funds.failure.${row.failure}`, { defaultValue: row.failure })}</span>}
    </>
  );
  const shopName = useShopNames(showShop ? pages.rows.map((row) => row.shop_id) : []);
  const giveBack = (row: Withdrawal) =>
    row.state === "paid" &&
    row.tax.amount_minor > 0 && (
      <Button size="small" onClick={() => setGiving(row)} data-testid="tax-back">
        {t("taxes.give_back")}
      </Button>
    );
  const columns: DataColumn<Withdrawal>[] = [
    { key: "number", title: t("funds.column.withdrawal"), width: 220, fixed: "left", render: (row) => row.withdrawal_no },
    ...(showShop ? [{ key: "shop", title: t("funds.column.shop"), width: 180, render: (row: Withdrawal) => shopName(row.shop_id) }] : []),
    { key: "state", title: t("funds.column.state"), width: 220, render: state },
    { key: "amount", title: t("funds.column.amount"), width: 140, align: "right", render: (row) => format.money(row.amount, true) },
    ...(showShop ? [{ key: "tax", title: t("earnings.column.tax"), width: 130, align: "right" as const, render: (row: Withdrawal) => format.money(row.tax, true) }] : []),
    { key: "to", title: t("funds.column.to"), width: 240, render: (row) => `${row.bank_name} ···· ${row.number_end}` },
    { key: "asked", title: t("funds.column.asked"), width: 180, render: (row) => format.dateTime(row.asked_at) },
    { key: "done", title: t("funds.column.done"), width: 180, render: (row) => (row.done_at ? format.dateTime(row.done_at) : "–") },
    { key: "reference", title: t("funds.column.reference"), width: 220, extra: true, render: (row) => row.bank_reference || "–" },
    ...(showShop ? [{ key: "actions", title: t("table.actions"), width: 130, render: giveBack }] : []),
  ];
  return (
    <>
      <Space className="wb-table-tools">
        <ExportButton path={path} testId="withdrawals-export" />
        {!showShop && <SavedViews table="withdrawals" plain="tab=withdrawals" />}
        <ColumnChoice name="withdrawals" columns={columns} />
      </Space>
      <DataTable
      name="withdrawals"
      columns={columns}
      rowKey={(row) => row.withdrawal_no}
      pages={pages}
      rowTestId="withdrawal"
      empty={empty}
      renderCard={(row) => (
        <>
          <div>
            {state(row)} {format.money(row.amount, true)}
          </div>
          <div className="wb-muted">
            {row.withdrawal_no} · {format.dateTime(row.asked_at)}
          </div>
          {showShop && giveBack(row)}
        </>
      )}
      />
      {giving && <ReturnDialog row={giving} onClose={() => setGiving(null)} />}
    </>
  );
}
