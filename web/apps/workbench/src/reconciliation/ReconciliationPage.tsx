import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Card, Empty, Form, Input, Modal, Segmented, Select, Skeleton, Table, Tag } from "antd";
import { useState } from "react";
import type { Bill, Difference } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { errorText } from "../app/errors";
import { PageHead } from "../app/PageHead";
import { dayBefore } from "./days";
import { ExportButton } from "../table/ExportButton";
import { useBills, useDifferences, useRequestBill, useResolve } from "./queries";

const KIND_COLOUR = { missing_here: "error", missing_there: "error", amount: "error", state: "warning", duplicate: "error" } as const;

/** The providers' bills day by day, and what they and the books disagree about. */
export default function ReconciliationPage() {
  const { t } = useTranslation();
  const bills = useBills();
  const [asking, setAsking] = useState(false);
  return (
    <div className="wb-page">
      <PageHead
        title={t("reconciliation.title")}
        note={t("reconciliation.note")}
        actions={
          <Button type="primary" onClick={() => setAsking(true)} disabled={!bills.isSuccess} data-testid="ask-bill">
            {t("reconciliation.ask")}
          </Button>
        }
      />
      <Differences providers={bills.data?.providers ?? []} />
      <Card className="wb-section" title={t("reconciliation.bills")}>
        {bills.isPending && <Skeleton active paragraph={{ rows: 4 }} aria-label={t("loading")} />}
        {bills.isError && <ErrorView error={bills.error} onRetry={() => void bills.refetch()} />}
        {bills.isSuccess && <Bills rows={bills.data.items} />}
      </Card>
      {asking && <AskDialog providers={bills.data?.providers ?? []} onClose={() => setAsking(false)} />}
    </div>
  );
}

function Bills({ rows }: { rows: Bill[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const sum = (row: Bill, part: "paid" | "refunded" | "fee") => row.sums.map((one) => format.money({ amount_minor: one[part], currency: one.currency }, true)).join(" + ") || "–";
  if (rows.length === 0) return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("reconciliation.no_bills")} data-testid="no-bills" />;
  return (
    <Table
      size="small"
      rowKey={(row) => `${row.provider} ${row.day}`}
      dataSource={rows}
      scroll={{ x: "max-content" }}
      pagination={{ pageSize: 15, hideOnSinglePage: true }}
      columns={[
        { key: "day", title: t("reconciliation.day"), render: (_, row) => format.date(`${row.day}T00:00:00`) },
        { key: "provider", title: t("reconciliation.provider"), render: (_, row) => t(`reconciliation.name.${row.provider}`) },
        { key: "lines", title: t("reconciliation.column.lines"), align: "right", render: (_, row) => (row.state === "due" ? "–" : format.number(row.line_count)) },
        { key: "paid", title: t("reconciliation.column.paid"), align: "right", render: (_, row) => sum(row, "paid") },
        { key: "refunded", title: t("reconciliation.column.refunded"), align: "right", render: (_, row) => sum(row, "refunded") },
        { key: "fee", title: t("reconciliation.column.fee"), align: "right", render: (_, row) => sum(row, "fee") },
        { key: "found", title: t("reconciliation.column.found"), render: (_, row) => <BillState row={row} /> },
      ]}
    />
  );
}

function BillState({ row }: { row: Bill }) {
  const { t } = useTranslation();
  if (row.state === "due") {
    return (
      <>
        <Tag color="processing">{t("reconciliation.state.due")}</Tag> <span className="wb-muted">{row.error}</span>
      </>
    );
  }
  const text = row.found === 0 ? t("reconciliation.no_differences") : t("reconciliation.open_count", { count: row.unresolved, all: row.found });
  return <Tag color={row.unresolved > 0 ? "error" : "success"}>{text}</Tag>;
}

function Differences({ providers }: { providers: Bill["provider"][] }) {
  const { t } = useTranslation();
  const [unresolved, setUnresolved] = useState(true);
  const [provider, setProvider] = useState<string | null>(null);
  const [resolving, setResolving] = useState<Difference | null>(null);
  const found = useDifferences({ unresolved_only: unresolved, provider, day: null });
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Card
      className="wb-section"
      title={t("reconciliation.differences")}
      extra={
        <span className="wb-reconciliation-filters">
          <Select
            aria-label={t("reconciliation.provider")}
            value={provider}
            onChange={setProvider}
            popupMatchSelectWidth={false}
            options={[{ value: null, label: t("reconciliation.all_providers") }, ...providers.map((name) => ({ value: name, label: t(`reconciliation.name.${name}`) }))]}
          />{" "}
          <Segmented
            value={unresolved}
            onChange={setUnresolved}
            options={[
              { value: true, label: t("reconciliation.unresolved") },
              { value: false, label: t("reconciliation.every") },
            ]}
          />{" "}
          <ExportButton path="/operator/reconciliation/differences" query={{ unresolved_only: unresolved, provider: provider ?? undefined }} testId="differences-export" />
        </span>
      }
    >
      {found.isPending && <Skeleton active paragraph={{ rows: 4 }} aria-label={t("loading")} />}
      {found.isError && <ErrorView error={found.error} onRetry={() => void found.refetch()} />}
      {found.isSuccess && rows.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("reconciliation.no_differences")} data-testid="no-differences" />}
      {rows.length > 0 && <DifferenceTable rows={rows} onResolve={setResolving} />}
      {found.hasNextPage && (
        <Button type="link" onClick={() => void found.fetchNextPage()} loading={found.isFetchingNextPage}>
          {t("reconciliation.more")}
        </Button>
      )}
      {resolving && <ResolveDialog row={resolving} onClose={() => setResolving(null)} />}
    </Card>
  );
}

function DifferenceTable({ rows, onResolve }: { rows: Difference[]; onResolve: (row: Difference) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Table
      size="small"
      rowKey="id"
      dataSource={rows}
      pagination={false}
      scroll={{ x: "max-content" }}
      columns={[
        { key: "day", title: t("reconciliation.day"), render: (_, row) => `${format.date(`${row.day}T00:00:00`)} · ${t(`reconciliation.name.${row.provider}`)}` },
        {
          key: "kind",
          title: t("reconciliation.column.kind"),
          render: (_, row) => (
            <>
              <Tag color={row.resolved_at ? "default" : KIND_COLOUR[row.kind]}>{t(`reconciliation.kind.${row.kind}`)}</Tag>
              {t(`reconciliation.subject.${row.subject}`)}
            </>
          ),
        },
        {
          key: "key",
          title: t("reconciliation.column.key"),
          render: (_, row) => (
            <>
              <code>{row.key}</code>
              {row.order_no && <div className="wb-muted">{`${t("reconciliation.column.order")} ${row.order_no}`}</div>}
            </>
          ),
        },
        { key: "ours", title: t("reconciliation.column.ours"), align: "right", render: (_, row) => (row.ours ? format.money(row.ours, true) : "–") },
        { key: "theirs", title: t("reconciliation.column.theirs"), align: "right", render: (_, row) => (row.theirs ? format.money(row.theirs, true) : "–") },
        { key: "why", title: t("reconciliation.column.why"), width: 320, render: (_, row) => <div style={{ whiteSpace: "normal", maxWidth: 320 }}>{t(`reconciliation.why.${row.kind}.${row.subject}`)}</div> },
        { key: "end", title: t("reconciliation.column.end"), render: (_, row) => <Outcome row={row} onResolve={onResolve} /> },
      ]}
    />
  );
}

function Outcome({ row, onResolve }: { row: Difference; onResolve: (row: Difference) => void }) {
  const { t } = useTranslation();
  if (!row.resolved_at) {
    return (
      <Button size="small" onClick={() => onResolve(row)} data-testid="resolve">
        {t("reconciliation.resolve")}
      </Button>
    );
  }
  return row.resolved_by === null ? <Tag>{t("reconciliation.resolved_by_itself")}</Tag> : <div style={{ whiteSpace: "normal", maxWidth: 320 }}>{`${t("reconciliation.resolved")}: ${row.note}`}</div>;
}

function ResolveDialog({ row, onClose }: { row: Difference; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const resolve = useResolve();
  const [form] = Form.useForm<{ note: string }>();
  return (
    <Modal
      open
      title={t("reconciliation.resolve_title")}
      onCancel={onClose}
      onOk={() => form.submit()}
      confirmLoading={resolve.isPending}
      okText={t("reconciliation.resolve")}
      cancelText={t("actions.cancel")}
    >
      <p className="wb-muted">{t(`reconciliation.why.${row.kind}.${row.subject}`)}</p>
      <Form form={form} layout="vertical" onFinish={({ note }) => resolve.mutate({ id: row.id, note }, { onSuccess: onClose, onError: (error) => void message.error(errorText(t, error)) })}>
        <Form.Item name="note" extra={t("reconciliation.resolve_help")} rules={[{ required: true, whitespace: true, message: t("reconciliation.resolve_title") }]}>
          <Input.TextArea rows={3} maxLength={500} showCount aria-label={t("reconciliation.resolve_title")} data-testid="resolve-note" />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function AskDialog({ providers, onClose }: { providers: Bill["provider"][]; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const ask = useRequestBill();
  const [form] = Form.useForm<{ provider: string; day: string }>();
  const [yesterday] = useState(() => dayBefore(new Date()));
  const send = (asked: { provider: string; day: string }) =>
    ask.mutate(asked, {
      onSuccess: () => {
        void message.success(t("reconciliation.asked"));
        onClose();
      },
      onError: (error) => void message.error(errorText(t, error)),
    });
  return (
    <Modal open title={t("reconciliation.ask")} onCancel={onClose} onOk={() => form.submit()} confirmLoading={ask.isPending} okText={t("reconciliation.ask")} cancelText={t("actions.cancel")}>
      <Form form={form} layout="vertical" initialValues={{ provider: providers[0], day: yesterday }} onFinish={send}>
        <Form.Item name="provider" label={t("reconciliation.provider")} rules={[{ required: true }]}>
          <Select options={providers.map((name) => ({ value: name, label: t(`reconciliation.name.${name}`) }))} />
        </Form.Item>
        <Form.Item name="day" label={t("reconciliation.day")} extra={t("reconciliation.ask_help")} rules={[{ required: true }]}>
          <Input type="date" max={yesterday} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
