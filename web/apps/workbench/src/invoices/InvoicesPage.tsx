import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Card, Input, Modal, Segmented, Skeleton, Space, Table, Tag } from "antd";
import { type Key, useState } from "react";
import { Link } from "react-router";
import { apiAddress, get, post } from "../api/http";
import type { InvoiceBatch, InvoiceCounts, InvoiceRequest, Page } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { errorText } from "../app/errors";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { Pager } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { ExportButton } from "../table/ExportButton";
import { SavedViews } from "../table/SavedViews";
import { SearchBox } from "../table/SearchBox";
import type { FilterSchema } from "../table/url-filters";
import { usePages } from "../table/use-pages";
import { useUrlFilters } from "../table/use-url-filters";
import { SellerCard } from "./SellerCard";

const TABS = ["waiting", "issued", "rejected", "all"] as const;
const FILTERS = { tab: { type: "choice", choices: TABS, default: "waiting" }, q: { type: "text" } } as const satisfies FilterSchema;
const COLOURS: Record<string, string> = { waiting: "gold", issuing: "blue", issued: "green", rejected: "red", voided: "purple", closed: "default" };

/** The shop's queue of invoices: issue one or many, send back with a reason, take back by a red letter. */
export default function InvoicesPage() {
  const { t } = useTranslation();
  const shop = useShop();
  const client = useQueryClient();
  const { message } = App.useApp();
  const { values, change, reset } = useUrlFilters(FILTERS);
  const tab = values.tab ?? "waiting";
  const [selected, setSelected] = useState<Key[]>([]);
  const [busy, setBusy] = useState(false);
  const editable = mayEdit(shop.permissions, "invoices");
  const counts = useQuery({ queryKey: ["invoice-counts", shop.id], queryFn: ({ signal }) => get<InvoiceCounts>(`/shops/${shop.id}/invoices/counts`, undefined, signal) });
  const pages = usePages<InvoiceRequest>(["invoices", shop.id, tab, values.q], (cursor, signal) =>
    get<Page<InvoiceRequest>>(`/shops/${shop.id}/invoices`, { tab, q: values.q, cursor, limit: 20 }, signal),
  );
  const refresh = () => Promise.all(["invoices", "invoice-counts"].map((key) => client.invalidateQueries({ queryKey: [key, shop.id] })));
  const issueSelected = async () => {
    setBusy(true);
    try {
      const { items } = await post<InvoiceBatch>(`/shops/${shop.id}/invoices/issue-batch`, { order_nos: selected });
      const refused = items.find((row) => row.error);
      const text = t("invoices.batch_done", { count: items.filter((row) => row.issued).length, all: items.length });
      if (refused) void message.warning(`${text} ${refused.order_no}: ${t(`errors.${refused.error?.code}`, { defaultValue: refused.error?.message ?? "" })}`);
      else void message.success(text);
      setSelected([]);
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      setBusy(false);
      await refresh();
    }
  };
  return (
    <div className="wb-page">
      <PageHead
        title={t("rooms.invoices")}
        actions={
          editable && (
            <Button type="primary" disabled={selected.length === 0} loading={busy} onClick={() => void issueSelected()} data-testid="invoice-batch">
              {t("invoices.issue_chosen", { count: selected.length })}
            </Button>
          )
        }
      />
      <SellerCard editable={editable} />
      <div className="wb-filters">
        <Segmented
          value={tab}
          onChange={(next) => {
            setSelected([]);
            change({ tab: next });
          }}
          options={TABS.map((each) => ({ value: each, label: `${t(`invoices.tab.${each}`)}${each !== "all" && counts.data?.[each] ? ` ${counts.data[each]}` : ""}` }))}
        />
        <SearchBox value={values.q} onChange={(q) => change({ q })} placeholder={t("invoices.search")} testId="invoices-search" />
        <Space className="wb-filters-end">
          {editable && <ExportButton path={`/shops/${shop.id}/invoices`} query={{ tab, q: values.q }} testId="invoices-export" />}
          <SavedViews table="invoices" />
        </Space>
      </div>
      {pages.query.isPending && <Skeleton active paragraph={{ rows: 8 }} className="wb-panel" />}
      {pages.query.isError && <ErrorView error={pages.query.error} onRetry={() => void pages.query.refetch()} />}
      {pages.query.isSuccess && pages.rows.length === 0 && (
        <div className="wb-panel">
          <EmptyList filtered={tab !== "waiting" || Boolean(values.q)} onReset={reset} title={t("invoices.empty")} help={t("invoices.empty_help")} />
        </div>
      )}
      {pages.rows.length > 0 && (
        <RequestTable rows={pages.rows} editable={editable} selected={selected} onSelect={setSelected} refresh={refresh} />
      )}
      <Pager pages={pages} />
    </div>
  );
}

interface RequestTableProps {
  rows: InvoiceRequest[];
  editable: boolean;
  selected: Key[];
  onSelect: (keys: Key[]) => void;
  refresh: () => Promise<unknown>;
}

function RequestTable({ rows, editable, selected, onSelect, refresh }: RequestTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  return (
    <Card className="wb-section" styles={{ body: { padding: 0 } }}>
      <Table<InvoiceRequest>
        size="small"
        rowKey="order_no"
        pagination={false}
        scroll={{ x: 900 }}
        dataSource={rows}
        {...(editable
          ? { rowSelection: { selectedRowKeys: selected, onChange: onSelect, getCheckboxProps: (row: InvoiceRequest) => ({ disabled: row.state !== "waiting" || !row.ripe }) } }
          : {})}
        columns={[
          {
            title: t("invoices.order"),
            render: (_, row) => (
              <Link to={`/shops/${shop.id}/orders?order=${row.order_no}`} className="wb-mono">
                {row.order_no}
              </Link>
            ),
          },
          {
            title: t("invoices.title"),
            render: (_, row) => (
              <div className="wb-stack">
                <span>{row.title.name}</span>
                {(row.title.tax_no || row.title.name !== t("invoices.personal")) && <small className={row.title.tax_no ? "wb-muted wb-mono" : "wb-muted"}>{row.title.tax_no || t("invoices.personal")}</small>}
              </div>
            ),
          },
          { title: t("invoices.amount"), align: "right", render: (_, row) => <span className="wb-number">{format.money(row.amount, true)}</span> },
          { title: t("invoices.asked"), render: (_, row) => format.dateTime(row.asked_at) },
          {
            title: t("invoices.state_head"),
            render: (_, row) => (
              <div className="wb-stack">
                <Tag color={COLOURS[row.state] ?? "default"}>{t(row.state === "waiting" && !row.ripe ? "invoices.unripe" : `invoices.state.${row.state}`)}</Tag>
                {row.reason && row.state !== "issued" && <small className="wb-muted">{row.reason}</small>}
              </div>
            ),
          },
          { title: t("invoices.documents"), render: (_, row) => <Documents request={row} /> },
          { title: t("table.actions"), render: (_, row) => (editable ? <Actions request={row} refresh={refresh} /> : null) },
        ]}
      />
    </Card>
  );
}

function Documents({ request }: { request: InvoiceRequest }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  return (
    <div className="wb-stack">
      {request.documents.map((document) =>
        document.number ? (
          <a key={document.reference} href={apiAddress(`/shops/${shop.id}/invoices/documents/${document.reference}.pdf`)} download data-testid="invoice-document">
            {t(`invoices.document.${document.kind}`, { number: document.number })} {document.kind === "red" ? "-" : ""}
            {format.money(document.gross, true)}
          </a>
        ) : (
          <small key={document.reference} className="wb-muted">
            {document.refusal ? t("invoices.refused", { words: document.refusal }) : t("invoices.asking_gateway")}
          </small>
        ),
      )}
    </div>
  );
}

function Actions({ request, refresh }: { request: InvoiceRequest; refresh: () => Promise<unknown> }) {
  const { t } = useTranslation();
  const shop = useShop();
  const { message } = App.useApp();
  const [asking, setAsking] = useState<"reject" | "void" | null>(null);
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const act = async (step: "issue" | "reject" | "void") => {
    setBusy(true);
    try {
      await post(`/shops/${shop.id}/invoices/${request.order_no}/${step}`, step === "issue" ? {} : { reason: reason.trim() });
      setAsking(null);
      void message.success(t(`invoices.done.${step}`));
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      setBusy(false);
      await refresh();
    }
  };
  return (
    <Space>
      {request.state === "waiting" && request.ripe && (
        <>
          <Button size="small" type="primary" loading={busy} onClick={() => void act("issue")} data-testid="invoice-issue">
            {t("invoices.issue")}
          </Button>
          <Button size="small" onClick={() => setAsking("reject")} data-testid="invoice-reject">
            {t("invoices.reject")}
          </Button>
        </>
      )}
      {request.state === "issued" && (
        <Button size="small" onClick={() => setAsking("void")} data-testid="invoice-void">
          {t("invoices.void")}
        </Button>
      )}
      <Modal
        open={asking !== null}
        title={t(asking === "void" ? "invoices.void_title" : "invoices.reject_title")}
        onCancel={() => setAsking(null)}
        onOk={() => asking && void act(asking)}
        okButtonProps={{ disabled: !reason.trim(), loading: busy }}
        okText={t("actions.send")}
        cancelText={t("actions.cancel")}
      >
        <p className="wb-muted">{t(asking === "void" ? "invoices.void_help" : "invoices.reject_help")}</p>
        <Input.TextArea value={reason} maxLength={120} showCount rows={3} aria-label={t("invoices.reason")} onChange={(event) => setReason(event.target.value)} data-testid="invoice-reason" />
      </Modal>
    </Space>
  );
}
