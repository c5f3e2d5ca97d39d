import { useFormat, useTranslation } from "@xingqu/i18n";
import { Descriptions, Drawer, Skeleton, Space } from "antd";
import { ErrorView } from "../app/ErrorView";
import { DataTable, type DataColumn } from "../table/DataTable";
import { ExportButton } from "../table/ExportButton";
import { usePages } from "../table/use-pages";
import { pageOf, RUNS, type TaxLine, useRemittance } from "./queries";
import { RuleSums } from "./RuleSums";

/** One run: its receipt, its sums by rule, and each payee's part. */
export function RemittanceDrawer({ number, onClose }: { number: string; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const run = useRemittance(number);
  const told = run.data;
  return (
    <Drawer open onClose={onClose} title={told ? `${t("taxes.title")} ${told.period}` : t("taxes.title")} size="min(880px, 100vw)" data-testid="tax-run-detail">
      {run.isPending && <Skeleton active paragraph={{ rows: 8 }} aria-label={t("loading")} />}
      {run.isError && <ErrorView error={run.error} onRetry={() => void run.refetch()} />}
      {told && (
        <>
          <Descriptions
            size="small"
            column={{ xs: 1, md: 2 }}
            items={[
              { key: "number", label: t("taxes.column.number"), children: told.remittance_no },
              { key: "reference", label: t("taxes.column.reference"), children: told.reference },
              { key: "total", label: t("taxes.column.total"), children: <strong>{format.money({ amount_minor: told.total_minor, currency: told.currency }, true)}</strong> },
              { key: "by", label: t("taxes.column.by"), children: `${told.by} · ${format.dateTime(told.at)}` },
              ...(told.note ? [{ key: "note", label: t("taxes.remark"), children: told.note }] : []),
            ]}
          />
          <div className="wb-section">
            <RuleSums rules={told.rules} currency={told.currency} />
          </div>
          <Lines number={number} />
        </>
      )}
    </Drawer>
  );
}

function Lines({ number }: { number: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const path = `${RUNS}/${number}/payees`;
  const pages = usePages<TaxLine>(["taxes", "run", number, "payees"], pageOf<TaxLine>(path));
  const money = (amount_minor: number, row: TaxLine) => <span className="wb-number">{format.money({ amount_minor, currency: row.currency }, true)}</span>;
  const name = (row: TaxLine) => `${row.organisation_name} · ${t(`taxes.as.${row.payee}`, { defaultValue: row.payee })}`;
  const columns: DataColumn<TaxLine>[] = [
    { key: "payee", title: t("taxes.column.payee"), width: 220, fixed: "left", render: name },
    { key: "rule", title: t("taxes.column.rule"), width: 130, render: (row) => (row.rule_from ? format.date(row.rule_from) : "–") },
    { key: "payouts", title: t("taxes.column.payouts"), width: 100, align: "right", render: (row) => format.number(row.payouts) },
    { key: "gross", title: t("taxes.column.gross"), width: 130, align: "right", render: (row) => money(row.gross_minor, row) },
    { key: "withheld", title: t("taxes.column.withheld"), width: 120, align: "right", render: (row) => money(row.withheld_minor, row) },
    { key: "returned", title: t("taxes.column.returned"), width: 120, align: "right", render: (row) => money(row.returned_minor, row) },
    { key: "total", title: t("taxes.column.total"), width: 120, align: "right", render: (row) => <strong>{money(row.total_minor, row)}</strong> },
  ];
  return (
    <>
      <Space className="wb-table-tools">
        <ExportButton path={path} testId="tax-lines-export" />
      </Space>
      <DataTable
        name="tax-lines"
        columns={columns}
        rowKey={(row) => row.id}
        pages={pages}
        rowTestId="tax-line"
        empty={null}
        renderCard={(row) => (
          <>
            <div>{name(row)}</div>
            <div className="wb-muted">
              {t("taxes.column.gross")} {money(row.gross_minor, row)} · {t("taxes.column.total")} {money(row.total_minor, row)}
            </div>
          </>
        )}
      />
    </>
  );
}
