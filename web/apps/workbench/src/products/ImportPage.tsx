import { DownloadOutlined, InboxOutlined } from "@ant-design/icons";
import { useTranslation } from "@xingqu/i18n";
import { Alert, Button, Card, Space, Steps, Table } from "antd";
import { type ChangeEvent, useRef, useState } from "react";
import { Link } from "react-router";
import { apiAddress } from "../api/http";
import type { ImportReport } from "../api/types";
import { PageHead } from "../app/PageHead";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { downloadText, writeCsv } from "../table/csv";
import { useProductActions } from "./queries";

/** Template, then a dry run that changes nothing, then the import itself. */
export default function ImportPage() {
  const { t } = useTranslation();
  const shop = useShop();
  const actions = useProductActions(shop.id);
  const picker = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const [trial, setTrial] = useState<ImportReport | null>(null);
  const [done, setDone] = useState<ImportReport | null>(null);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const run = async (chosen: File, dryRun: boolean) => {
    setBusy(true);
    setRefusal(null);
    try {
      const report = await actions.importFile(chosen, dryRun);
      if (dryRun) setTrial(report);
      else {
        setDone(report);
        await actions.refresh();
      }
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  const choose = (chosen: File | undefined) => {
    if (!chosen) return;
    setFile(chosen);
    setTrial(null);
    setDone(null);
    void run(chosen, true);
  };
  const onPick = (event: ChangeEvent<HTMLInputElement>) => {
    choose(event.target.files?.[0]);
    event.target.value = "";
  };
  const report = done ?? trial;
  const importable = trial ? trial.created + trial.updated : 0;
  return (
    <div className="wb-page">
      <PageHead title={t("products.import")} back={<Link to={`/shops/${shop.id}/products`}>{t("products.back")}</Link>} />
      <Card>
        <Steps
          size="small"
          current={done ? 3 : trial ? 2 : 1}
          items={[
            { title: t("products.import_step.template") },
            { title: t("products.import_step.check") },
            { title: t("products.import_step.import") },
          ]}
        />
        <p className="wb-muted wb-import-help">{t("products.import_help")}</p>
        <Space wrap>
          <Button icon={<DownloadOutlined />} href={apiAddress(`/shops/${shop.id}/products/template.csv`)} download data-testid="import-template">
            {t("products.template")}
          </Button>
          <Button icon={<DownloadOutlined />} href={apiAddress(`/shops/${shop.id}/products/template.xlsx`)} download>
            {t("products.template_xlsx")}
          </Button>
        </Space>
        <button
          type="button"
          className="wb-drop"
          onClick={() => picker.current?.click()}
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            choose(event.dataTransfer.files[0]);
          }}
        >
          <InboxOutlined aria-hidden />
          <span>{file ? file.name : t("products.import_drop")}</span>
          <small className="wb-muted">{t("products.import_kinds")}</small>
        </button>
        <input ref={picker} type="file" accept=".csv,.xlsx,.jsonl,text/csv" hidden onChange={onPick} data-testid="import-file" />
        {busy && <Alert type="info" showIcon title={t(trial ? "products.importing" : "products.checking")} />}
        {refusal !== null && (
          <Alert type="error" showIcon title={errorText(t, refusal)} description={t("products.import_refused_safe")} />
        )}
        {report && <Report report={report} done={done !== null} />}
        {trial && !done && file && (
          <Button
            type="primary"
            size="large"
            loading={busy}
            disabled={importable === 0}
            onClick={() => void run(file, false)}
            data-testid="import-confirm"
          >
            {trial.errors.length > 0
              ? t("products.import_good_lines", { count: importable })
              : t("products.import_all", { count: importable })}
          </Button>
        )}
        {done && (
          <Link to={`/shops/${shop.id}/products`}>
            <Button type="primary">{t("products.see_imported")}</Button>
          </Link>
        )}
      </Card>
    </div>
  );
}

function Report({ report, done }: { report: ImportReport; done: boolean }) {
  const { t } = useTranslation();
  const saveErrors = () =>
    downloadText(
      "import-errors.csv",
      writeCsv([
        ["line", "field", "code", "message", "expected"],
        ...report.errors.map((row) => [row.line, row.field ?? "", row.code, row.message, row.expected ?? ""]),
      ]),
    );
  return (
    <div className="wb-report" data-testid="import-report">
      <Alert
        type={report.errors.length > 0 ? "warning" : "success"}
        showIcon
        title={t(done ? "products.import_done" : "products.import_trial", {
          created: report.created,
          updated: report.updated,
          unchanged: report.unchanged,
          errors: report.errors.length,
        })}
        {...(report.errors.length > 0
          ? { action: <Button size="small" onClick={saveErrors}>{t("products.save_errors")}</Button> }
          : {})}
      />
      {report.errors.length > 0 && (
        <Table
          size="small"
          rowKey={(row) => `${row.line}-${row.field}-${row.code}`}
          dataSource={report.errors}
          scroll={{ x: 640 }}
          pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
          columns={[
            { title: t("orders.line"), dataIndex: "line", width: 70 },
            { title: t("products.import_field"), dataIndex: "field", width: 140 },
            {
              title: t("products.import_problem"),
              key: "message",
              render: (_, row) => t(`products.check.${row.code}`, { defaultValue: row.message }),
            },
            { title: t("products.import_expected"), dataIndex: "expected", width: 240 },
          ]}
        />
      )}
    </div>
  );
}
