import { useFormat, useTranslation } from "@xingqu/i18n";
import { Card, Select, Skeleton, Space, Table, Tag } from "antd";
import { Link } from "react-router";
import { ErrorView } from "../app/ErrorView";
import { ColumnChoice, DataTable, type DataColumn } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { ExportButton } from "../table/ExportButton";
import { SavedViews } from "../table/SavedViews";
import { usePages } from "../table/use-pages";
import { linesPage, type Statement, type StatementLine, type StatementMonth, useMonths, useStatement } from "./queries";

/** A month's statement: balances and sums, the lines behind them, and the files to download. */
export function StatementPanel({ shopId, chosen, onChoose }: { shopId: number; chosen: string | undefined; onChoose: (month: string) => void }) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const months = useMonths(shopId);
  const monthName = (month: string) => new Intl.DateTimeFormat(language, { year: "numeric", month: "long", timeZone: "UTC" }).format(new Date(`${month}-15T00:00:00Z`));
  const month = months.data?.find((one) => one.month === chosen) ?? months.data?.[0];
  const statement = useStatement(shopId, month);
  if (months.isPending) return <Skeleton active paragraph={{ rows: 6 }} className="wb-panel" />;
  if (months.isError) return <ErrorView error={months.error} onRetry={() => void months.refetch()} />;
  if (!month)
    return (
      <div className="wb-panel">
        <EmptyList filtered={false} onReset={() => undefined} title={t("funds.no_statements")} help={t("funds.no_statements_help")} />
      </div>
    );
  return (
    <>
      <div className="wb-filters">
        <Select className="wb-filter" aria-label={t("funds.month")} value={month.month} onChange={onChoose} options={months.data.map((one) => ({ value: one.month, label: monthName(one.month) }))} data-testid="statement-month" />
        <ExportButton path={`/shops/${shopId}/funds/statement`} query={{ since: month.since, until: month.until }} testId="statement-export" />
        <SavedViews table="statement" plain="tab=statements" />
      </div>
      {statement.isError && <ErrorView error={statement.error} onRetry={() => void statement.refetch()} />}
      {statement.isSuccess && <Sums statement={statement.data} />}
      <Lines shopId={shopId} month={month} />
    </>
  );
}

function Sums({ statement }: { statement: Statement }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = (amount_minor: number) => format.money({ amount_minor, currency: statement.currency }, true);
  return (
    <div className="wb-sums">
      {statement.accounts.map((account) => (
        <Card key={account.account} size="small" title={t(`funds.account.${account.account}`)} data-testid={`statement-${account.account}`}>
          <Table
            size="small"
            rowKey="name"
            showHeader={false}
            pagination={false}
            dataSource={[
              { name: t("funds.opening"), amount: account.opening_minor },
              ...account.sums.map((row) => ({ name: t(`funds.kind.${row.kind}`, { defaultValue: row.kind }), amount: row.amount_minor })),
              { name: t("funds.closing"), amount: account.closing_minor },
            ]}
            columns={[
              { key: "name", dataIndex: "name" },
              { key: "amount", align: "right", render: (_, row) => money(row.amount) },
            ]}
          />
        </Card>
      ))}
    </div>
  );
}

function Lines({ shopId, month }: { shopId: number; month: StatementMonth }) {
  const { t } = useTranslation();
  const format = useFormat();
  const pages = usePages<StatementLine>(["funds", shopId, "lines", month.month], linesPage(shopId, month));
  const money = (amount_minor: number) => format.money({ amount_minor, currency: "CNY" }, true);
  const kind = (row: StatementLine) => <Tag>{t(`funds.kind.${row.kind}`, { defaultValue: row.kind })}</Tag>;
  const order = (row: StatementLine) => (row.order_no ? <Link to={`/shops/${shopId}/orders?order=${row.order_no}`}>{row.order_no}</Link> : row.document);
  const columns: DataColumn<StatementLine>[] = [
    { key: "at", title: t("funds.column.at"), width: 180, render: (row) => format.dateTime(row.at) },
    { key: "kind", title: t("funds.column.kind"), width: 140, render: kind },
    { key: "account", title: t("funds.column.account"), width: 120, render: (row) => t(`funds.account.${row.account}`) },
    { key: "order", title: t("funds.column.order"), width: 220, render: order },
    { key: "sold", title: t("funds.column.sold"), width: 130, align: "right", render: (row) => money(row.sold_minor) },
    { key: "fee", title: t("funds.column.fee"), width: 130, align: "right", render: (row) => money(row.fee_minor) },
    { key: "amount", title: t("funds.column.amount"), width: 140, align: "right", render: (row) => money(row.amount_minor) },
    { key: "journal", title: t("funds.column.journal"), width: 260, extra: true, render: (row) => `${row.journal_id} ${row.journal_key}` },
  ];
  return (
    <>
      <Space className="wb-table-tools">
        <ColumnChoice name="statement-lines" columns={columns} />
      </Space>
      <DataTable
      name="statement-lines"
      columns={columns}
      rowKey={(row) => `${row.journal_id}-${row.account}`}
      pages={pages}
      rowTestId="statement-line"
      empty={<EmptyList filtered={false} onReset={() => undefined} title={t("funds.no_lines")} help={t("funds.no_statements_help")} />}
      renderCard={(row) => (
        <>
          <div>
            {kind(row)} {money(row.amount_minor)}
          </div>
          <div>{order(row)}</div>
          <div className="wb-muted">{format.dateTime(row.at)}</div>
        </>
      )}
      />
    </>
  );
}
