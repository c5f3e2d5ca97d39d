import { DownloadOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Select, Skeleton, Table } from "antd";
import { useState } from "react";
import { apiAddress } from "../api/http";
import { ErrorView } from "../app/ErrorView";
import { DataTable, type DataColumn } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { usePages } from "../table/use-pages";
import { linesPage, type StatementLine, type StatementMonth, useMonths, useStatement } from "./queries";

/** A month of a commission account: its sums, the lines behind them, and the files to download. */
export function StatementPanel({ path }: { path: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const months = useMonths(path);
  const [chosen, setChosen] = useState<string | null>(null);
  const month = months.data?.find((one) => one.month === chosen) ?? months.data?.[0];
  const statement = useStatement(path, month);
  if (months.isPending) return <Skeleton active paragraph={{ rows: 6 }} className="wb-panel" />;
  if (months.isError) return <ErrorView error={months.error} onRetry={() => void months.refetch()} />;
  if (!month) return <EmptyList filtered={false} onReset={() => undefined} title={t("funds.no_statements")} help={t("earnings.no_orders_help")} />;
  const file = (ending: string) => apiAddress(`${path}/statement.${ending}`, { since: month.since, until: month.until });
  const money = (amount_minor: number) => format.money({ amount_minor, currency: "CNY" }, true);
  const account = statement.data?.accounts[0];
  return (
    <>
      <div className="wb-filters">
        <Select className="wb-filter" aria-label={t("funds.month")} value={month.month} onChange={setChosen} options={months.data.map((one) => ({ value: one.month, label: one.month }))} />
        <Button icon={<DownloadOutlined />} href={file("csv")}>
          CSV
        </Button>
        <Button icon={<DownloadOutlined />} href={file("xlsx")}>
          XLSX
        </Button>
      </div>
      {account && (
        <Table
          size="small"
          rowKey="name"
          showHeader={false}
          pagination={false}
          dataSource={[
            { name: t("funds.opening"), amount: account.opening_minor },
            ...account.sums.map((row) => ({ name: t(`earnings.line.${row.kind}`, { defaultValue: row.kind }), amount: row.amount_minor })),
            { name: t("funds.closing"), amount: account.closing_minor },
          ]}
          columns={[
            { key: "name", dataIndex: "name" },
            { key: "amount", align: "right", render: (_, row) => money(row.amount) },
          ]}
        />
      )}
      <Lines path={path} month={month} />
    </>
  );
}

function Lines({ path, month }: { path: string; month: StatementMonth }) {
  const { t } = useTranslation();
  const format = useFormat();
  const pages = usePages<StatementLine>(["earnings", path, "lines", month.month], linesPage(path, month));
  const money = (amount_minor: number) => format.money({ amount_minor, currency: "CNY" }, true);
  const kind = (row: StatementLine) => t(`earnings.line.${row.kind}`, { defaultValue: row.kind });
  const columns: DataColumn<StatementLine>[] = [
    { key: "at", title: t("funds.column.at"), width: 180, render: (row) => format.dateTime(row.at) },
    { key: "kind", title: t("funds.column.kind"), width: 160, render: kind },
    { key: "order", title: t("funds.column.order"), width: 240, render: (row) => row.order_no || row.document },
    { key: "amount", title: t("funds.column.amount"), width: 140, align: "right", render: (row) => money(row.amount_minor) },
    { key: "journal", title: t("funds.column.journal"), width: 260, extra: true, render: (row) => `${row.journal_id} ${row.journal_key}` },
  ];
  return (
    <DataTable
      name="earnings-lines"
      columns={columns}
      rowKey={(row) => row.journal_id}
      pages={pages}
      rowTestId="earnings-line"
      empty={<EmptyList filtered={false} onReset={() => undefined} title={t("funds.no_lines")} help={t("earnings.no_orders_help")} />}
      renderCard={(row) => (
        <>
          <div>
            {kind(row)} {money(row.amount_minor)}
          </div>
          <div className="wb-muted">
            {row.order_no || row.document} · {format.dateTime(row.at)}
          </div>
        </>
      )}
    />
  );
}
