import { useFormat, useTranslation } from "@xingqu/i18n";
import { Card, Skeleton, Space, Table, Tag } from "antd";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { ColumnChoice, DataTable, type DataColumn } from "../table/DataTable";
import { useShopNames } from "../operator/shops";
import { EmptyList } from "../table/EmptyList";
import { ExportButton } from "../table/ExportButton";
import { usePages } from "../table/use-pages";
import { type AuditRun, type Difference, differencesPage, useAudits } from "./queries";

/** What the auditor found night by night; each difference with what was expected and what was found. */
export default function AuditsPage() {
  const { t } = useTranslation();
  const audits = useAudits();
  const [chosen, setChosen] = useState<number | null>(null);
  const run = audits.data?.find((one) => one.id === chosen) ?? audits.data?.[0];
  return (
    <div className="wb-page">
      <PageHead title={t("funds.audit.title")} note={t("funds.audit.note")} />
      {audits.isPending && <Skeleton active paragraph={{ rows: 6 }} aria-label={t("loading")} />}
      {audits.isError && <ErrorView error={audits.error} onRetry={() => void audits.refetch()} />}
      {audits.isSuccess && !run && (
        <div className="wb-panel">
          <EmptyList filtered={false} onReset={() => undefined} title={t("funds.audit.none")} help={t("funds.audit.none_help")} />
        </div>
      )}
      {run && (
        <>
          <Runs runs={audits.data ?? []} shown={run} onShow={setChosen} />
          <Differences run={run} />
        </>
      )}
    </div>
  );
}

function Runs({ runs, shown, onShow }: { runs: AuditRun[]; shown: AuditRun; onShow: (id: number) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Card size="small" className="wb-section">
      <Table
        size="small"
        rowKey="id"
        tableLayout="fixed"
        scroll={{ x: 860 }}
        dataSource={runs}
        pagination={{ pageSize: 7, hideOnSinglePage: true, size: "small" }}
        rowSelection={{ type: "radio", selectedRowKeys: [shown.id], onChange: (keys) => onShow(Number(keys[0])) }}
        columns={[
          { key: "at", title: t("funds.column.at"), width: 180, render: (_, run) => format.dateTime(run.started_at) },
          { key: "result", title: t("funds.audit.result"), width: 140, render: (_, run) => (run.finished_at === null ? <Tag>{t("funds.audit.running")}</Tag> : <Tag color={run.difference_count ? "error" : "success"}>{t("funds.audit.differences", { count: run.difference_count })}</Tag>) },
          { key: "checked", title: t("funds.audit.checked"), render: (_, run) => run.checked.map((one) => t("funds.audit.counted", { count: one.count, what: t(`funds.audit.what.${one.what}`, { defaultValue: one.what }) })).join(t("operator.comma")) },
        ]}
      />
    </Card>
  );
}

function Differences({ run }: { run: AuditRun }) {
  const { t } = useTranslation();
  const pages = usePages<Difference>(["audits", run.id], differencesPage(run.id));
  const flow = (row: Difference) => <Tag>{t(`funds.audit.flow.${row.flow}`)}</Tag>;
  const kind = (row: Difference) => t(`funds.audit.kind.${row.kind}`, { defaultValue: row.kind });
  const shopName = useShopNames(pages.rows.map((row) => row.shop_id));
  const columns: DataColumn<Difference>[] = [
    { key: "flow", title: t("funds.audit.flow_name"), width: 100, render: flow },
    { key: "kind", title: t("funds.audit.kind_name"), width: 300, render: kind },
    { key: "reference", title: t("funds.audit.reference"), width: 240, render: (row) => row.reference },
    { key: "shop", title: t("funds.column.shop"), width: 180, render: (row) => shopName(row.shop_id) },
    { key: "expected", title: t("funds.audit.expected"), width: 200, render: (row) => row.expected },
    { key: "found", title: t("funds.audit.found"), width: 200, render: (row) => row.found },
  ];
  return (
    <>
      <Space className="wb-table-tools">
        <ExportButton path={`/platform/audits/${run.id}/differences`} testId="differences-export" />
        <ColumnChoice name="audit-differences" columns={columns} />
      </Space>
      <DataTable
      name="audit-differences"
      columns={columns}
      rowKey={(row) => row.id}
      pages={pages}
      rowTestId="difference"
      empty={<EmptyList filtered={false} onReset={() => undefined} title={t("funds.audit.clean")} help={t("funds.audit.clean_help")} />}
      renderCard={(row) => (
        <>
          <div>
            {flow(row)} {kind(row)}
          </div>
          <div>{row.reference}</div>
          <div className="wb-muted">
            {t("funds.audit.expected")} {row.expected} · {t("funds.audit.found")} {row.found}
          </div>
        </>
      )}
      />
    </>
  );
}
