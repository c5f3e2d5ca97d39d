import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Checkbox, Segmented, Space } from "antd";
import { useState } from "react";
import { PageHead } from "../app/PageHead";
import { ColumnChoice, DataTable, type DataColumn } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { ExportButton } from "../table/ExportButton";
import type { FilterSchema } from "../table/url-filters";
import { usePages } from "../table/use-pages";
import { useUrlFilters } from "../table/use-url-filters";
import { PAYEES, pageOf, type Remittance, RETURNS, RUNS, type TaxPayee, type TaxReturn } from "./queries";
import { RemitDialog } from "./RemitDialog";
import { RemittanceDrawer } from "./RemittanceDrawer";
import { RulesPanel } from "./RulesPanel";

const TABS = ["months", "payees", "returns", "rules"] as const;
const FILTERS = { tab: { type: "choice", choices: TABS, default: "months" }, run: { type: "text" } } as const satisfies FilterSchema;

/** Tax withheld of commissions: what the authorities were paid and for whom, what was given back, and by which rules it is withheld. */
export default function TaxesPage() {
  const { t } = useTranslation();
  const { values, change } = useUrlFilters(FILTERS);
  const tab = TABS.find((one) => one === values.tab) ?? "months";
  return (
    <div className="wb-page">
      <PageHead title={t("taxes.title")} note={t("taxes.note")} />
      <div className="wb-filters">
        <Segmented value={tab} onChange={(next) => change({ tab: next })} options={TABS.map((one) => ({ value: one, label: t(`taxes.tab.${one}`) }))} />
      </div>
      {tab === "months" && <Months opened={values.run ?? null} onOpen={(run) => change({ run: run ?? undefined })} />}
      {tab === "payees" && <Payees />}
      {tab === "returns" && <Returns />}
      {tab === "rules" && <RulesPanel />}
    </div>
  );
}

function useMoney() {
  const format = useFormat();
  return (amount_minor: number, currency: string) => <span className="wb-number">{format.money({ amount_minor, currency }, true)}</span>;
}

function Months({ opened, onOpen }: { opened: string | null; onOpen: (number: string | null) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = useMoney();
  const [asking, setAsking] = useState(false);
  const pages = usePages<Remittance>(["taxes", "runs"], pageOf<Remittance>(RUNS));
  const columns: DataColumn<Remittance>[] = [
    { key: "month", title: t("taxes.column.month"), width: 110, fixed: "left", render: (row) => row.period },
    { key: "total", title: t("taxes.column.total"), width: 140, align: "right", render: (row) => <strong>{money(row.total_minor, row.currency)}</strong> },
    { key: "withheld", title: t("taxes.column.withheld"), width: 130, align: "right", render: (row) => money(row.withheld_minor, row.currency) },
    { key: "returned", title: t("taxes.column.returned"), width: 130, align: "right", render: (row) => money(row.returned_minor, row.currency) },
    { key: "payees", title: t("taxes.column.payees"), width: 90, align: "right", render: (row) => format.number(row.payees) },
    { key: "reference", title: t("taxes.column.reference"), width: 200, render: (row) => row.reference },
    { key: "by", title: t("taxes.column.by"), width: 120, render: (row) => row.by },
    { key: "at", title: t("taxes.column.at"), width: 170, render: (row) => format.dateTime(row.at) },
    { key: "number", title: t("taxes.column.number"), width: 220, extra: true, render: (row) => row.remittance_no },
  ];
  const add = (
    <Button type="primary" onClick={() => setAsking(true)} data-testid="tax-remit">
      {t("taxes.remit")}
    </Button>
  );
  const open = (row: Remittance) => onOpen(row.remittance_no);
  return (
    <>
      <Space className="wb-table-tools">
        {add}
        <ExportButton path={RUNS} testId="tax-runs-export" />
        <ColumnChoice name="tax-remittances" columns={columns} />
      </Space>
      <DataTable
        name="tax-remittances"
        columns={columns}
        rowKey={(row) => row.remittance_no}
        pages={pages}
        rowTestId="tax-run"
        onOpen={open}
        onRowClick={open}
        empty={<EmptyList filtered={false} onReset={() => undefined} title={t("taxes.no_runs")} help={t("taxes.no_runs_help")} />}
        renderCard={(row) => (
          <>
            <div>
              <Button type="link" size="small" onClick={() => open(row)}>
                {row.period}
              </Button>{" "}
              {money(row.total_minor, row.currency)}
            </div>
            <div className="wb-muted">
              {row.reference} · {format.dateTime(row.at)}
            </div>
          </>
        )}
      />
      {asking && <RemitDialog onClose={() => setAsking(false)} />}
      {opened !== null && <RemittanceDrawer number={opened} onClose={() => onOpen(null)} />}
    </>
  );
}

function Payees() {
  const { t } = useTranslation();
  const money = useMoney();
  const [waiting, setWaiting] = useState(false);
  const query = { waiting_only: waiting };
  const pages = usePages<TaxPayee>(["taxes", "payees", waiting], pageOf<TaxPayee>(PAYEES, query));
  const name = (row: TaxPayee) => `${row.organisation_name} · ${t(`taxes.as.${row.payee}`, { defaultValue: row.payee })}`;
  const columns: DataColumn<TaxPayee>[] = [
    { key: "payee", title: t("taxes.column.payee"), width: 240, fixed: "left", render: name },
    { key: "withheld", title: t("taxes.column.withheld"), width: 140, align: "right", render: (row) => money(row.withheld_minor, row.currency) },
    { key: "returned", title: t("taxes.column.returned"), width: 140, align: "right", render: (row) => money(row.returned_minor, row.currency) },
    { key: "remitted", title: t("taxes.column.remitted"), width: 160, align: "right", render: (row) => money(row.remitted_minor, row.currency) },
    { key: "outstanding", title: t("taxes.column.outstanding"), width: 140, align: "right", render: (row) => <strong>{money(row.outstanding_minor, row.currency)}</strong> },
  ];
  return (
    <>
      <Space className="wb-table-tools" wrap>
        <Checkbox checked={waiting} onChange={(event) => setWaiting(event.target.checked)}>
          {t("taxes.waiting_only")}
        </Checkbox>
        <ExportButton path={PAYEES} query={query} testId="tax-payees-export" />
      </Space>
      <DataTable
        name="tax-payees"
        columns={columns}
        rowKey={(row) => row.id}
        pages={pages}
        rowTestId="tax-payee"
        empty={<EmptyList filtered={waiting} onReset={() => setWaiting(false)} title={t("taxes.no_payees")} help={t("taxes.no_payees_help")} />}
        renderCard={(row) => (
          <>
            <div>{name(row)}</div>
            <div className="wb-muted">
              {t("taxes.column.withheld")} {money(row.withheld_minor, row.currency)} · {t("taxes.column.outstanding")} {money(row.outstanding_minor, row.currency)}
            </div>
          </>
        )}
      />
    </>
  );
}

function Returns() {
  const { t } = useTranslation();
  const format = useFormat();
  const money = useMoney();
  const pages = usePages<TaxReturn>(["taxes", "returns"], pageOf<TaxReturn>(RETURNS));
  const columns: DataColumn<TaxReturn>[] = [
    { key: "at", title: t("taxes.column.at"), width: 170, fixed: "left", render: (row) => format.dateTime(row.at) },
    { key: "payee", title: t("taxes.column.payee"), width: 220, render: (row) => row.organisation_name },
    { key: "amount", title: t("taxes.column.amount"), width: 130, align: "right", render: (row) => money(row.amount_minor, row.currency) },
    { key: "reason", title: t("taxes.column.reason"), width: 240, render: (row) => row.reason },
    { key: "withdrawal", title: t("taxes.column.withdrawal"), width: 220, render: (row) => row.withdrawal_no },
    { key: "netted", title: t("taxes.column.netted"), width: 220, render: (row) => row.remittance_no ?? t("taxes.not_yet") },
    { key: "by", title: t("taxes.column.by"), width: 120, render: (row) => row.by },
  ];
  return (
    <>
      <Space className="wb-table-tools">
        <ExportButton path={RETURNS} testId="tax-returns-export" />
      </Space>
      <DataTable
        name="tax-returns"
        columns={columns}
        rowKey={(row) => row.return_no}
        pages={pages}
        rowTestId="tax-return"
        empty={<EmptyList filtered={false} onReset={() => undefined} title={t("taxes.no_returns")} help={t("taxes.no_returns_help")} />}
        renderCard={(row) => (
          <>
            <div>
              {row.organisation_name} {money(row.amount_minor, row.currency)}
            </div>
            <div className="wb-muted">
              {row.reason} · {format.dateTime(row.at)}
            </div>
          </>
        )}
      />
    </>
  );
}
