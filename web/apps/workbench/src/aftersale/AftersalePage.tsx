import { CheckOutlined, EnvironmentOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Select, Space, Tabs } from "antd";
import { type Key, useState } from "react";
import type { AfterSaleCase, AfterSaleCounts } from "../api/types";
import { PageHead } from "../app/PageHead";
import { errorText } from "../app/errors";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { ColumnChoice, type DataColumn, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { ExportButton } from "../table/ExportButton";
import { SavedViews } from "../table/SavedViews";
import { SearchBox } from "../table/SearchBox";
import { countActive, type FilterSchema } from "../table/url-filters";
import { usePages } from "../table/use-pages";
import { useUrlFilters } from "../table/use-url-filters";
import "./aftersale.css";
import { CaseDrawer } from "./CaseDrawer";
import { CaseLines, CaseMoney, CaseNext, CaseStateTag } from "./CaseWords";
import { ReturnAddressDialog } from "./ReturnAddressDialog";
import { casesFetcher, shopRoot, useCaseCounts, useCaseSteps, useReturnAddress } from "./queries";

export const KINDS = ["refund_only", "return_and_refund", "no_reason_return_7d", "pre_ship", "exchange", "resend", "repair", "price_protection"] as const;
const QUEUES = ["all", "to_review", "timed_soon", "waiting_return", "to_confirm", "to_ship", "waiting_answer", "waiting_receipt", "disputed", "to_show", "refunding", "closed"] as const;
const URGENT = new Set<string>(["timed_soon", "to_show"]);
const FILTERS = {
  queue: { type: "choice", choices: QUEUES, default: "all" },
  kind: { type: "choice", choices: KINDS },
  q: { type: "text" },
  case: { type: "text", max_length: 64 },
} as const satisfies FilterSchema;

/** The shop's after-sale desk: a counter for each queue, who must act by when, and what to do about it. */
export default function AftersalePage() {
  const { t } = useTranslation();
  const shop = useShop();
  const { values, change, reset } = useUrlFilters(FILTERS);
  const [selected, setSelected] = useState<Key[]>([]);
  const [addressOpen, setAddressOpen] = useState(false);
  const address = useReturnAddress(shop.id);
  const editable = mayEdit(shop.permissions, "aftersale");
  const root = shopRoot(shop.id);
  const filters = { queue: values.queue ?? "all", kind: values.kind, q: values.q };
  const pages = usePages(["aftersales", root, filters], casesFetcher(root, filters));
  const open = (item: AfterSaleCase) => change({ case: item.case_no });
  const columns = useCaseColumns(open);
  const chosen = pages.rows.filter((item) => selected.includes(item.case_no) && item.can.includes("approve"));
  return (
    <div className="wb-page">
      <PageHead
        title={t("rooms.aftersale")}
        actions={
          <>
            <Button icon={<EnvironmentOutlined />} onClick={() => setAddressOpen(true)} data-testid="return-address">
              {t("aftersale.return_address")}
            </Button>
            {editable && (
              <ExportButton path={root} query={filters} testId="aftersales-export" />
            )}
            {editable && <ApproveAll root={root} chosen={chosen} onDone={() => setSelected([])} />}
          </>
        }
      />
      {address.isSuccess && address.data === null && <Alert type="warning" showIcon title={t("aftersale.no_address")} description={t("aftersale.no_address_help")} />}
      <Queues active={values.queue ?? "all"} root={root} onChange={(queue) => change({ queue: queue as "all", case: undefined })} />
      <div className="wb-filters">
        <SearchBox value={values.q} onChange={(q) => change({ q })} placeholder={t("aftersale.search")} testId="aftersales-search" />
        <Select
          allowClear
          value={values.kind}
          onChange={(kind: string | undefined) => change({ kind })}
          placeholder={t("aftersale.every_kind")}
          aria-label={t("aftersale.kind")}
          options={KINDS.map((kind) => ({ value: kind, label: t(`cases.kind.${kind}`) }))}
          style={{ minWidth: 170 }}
        />
        <Space className="wb-filters-end">
          <SavedViews table="aftersale" transient={["case"]} />
          <ColumnChoice name="aftersales" columns={columns} />
        </Space>
      </div>
      <DataTable
        name="aftersales"
        rowKey={(item) => item.case_no}
        columns={columns}
        pages={pages}
        {...(editable ? { selected, onSelect: setSelected } : {})}
        rowTestId="case-row"
        onOpen={open}
        renderCard={(item) => <CaseCard item={item} open={open} />}
        empty={
          <EmptyList
            filtered={countActive(FILTERS, { ...values, case: undefined, queue: undefined }) > 0}
            onReset={reset}
            title={t(`aftersale.empty.${values.queue ?? "all"}`, { defaultValue: t("aftersale.empty.all") })}
            help={t("aftersale.empty_help")}
          />
        }
      />
      <CaseDrawer key={values.case} caseNo={values.case} editable={editable} onClose={() => change({ case: undefined })} />
      {addressOpen && <ReturnAddressDialog address={address.data ?? null} onClose={() => setAddressOpen(false)} />}
    </div>
  );
}

function Queues({ active, root, onChange }: { active: string; root: string; onChange: (queue: string) => void }) {
  const { t } = useTranslation();
  const counts = useCaseCounts<AfterSaleCounts>(root);
  return (
    <Tabs
      activeKey={active}
      onChange={onChange}
      className="wb-tabs"
      items={QUEUES.map((queue) => {
        const count = queue === "all" || queue === "closed" ? 0 : (counts.data?.[queue] ?? 0);
        return {
          key: queue,
          label: (
            <span data-testid={`queue-${queue}`}>
              {t(`aftersale.queue.${queue}`)}
              {count > 0 && <span className={URGENT.has(queue) ? "wb-tab-late" : "wb-tab-count"}>{count}</span>}
            </span>
          ),
        };
      })}
    />
  );
}

function ApproveAll({ root, chosen, onDone }: { root: string; chosen: AfterSaleCase[]; onDone: () => void }) {
  const { t } = useTranslation();
  const { message, modal } = App.useApp();
  const steps = useCaseSteps(root);
  const run = async () => {
    try {
      const { items } = await steps.approveAll(chosen.map((item) => ({ case_no: item.case_no, version: item.version })));
      const failed = items.filter((row) => !row.done);
      onDone();
      if (failed.length === 0) void message.success(t("aftersale.approved_all", { count: items.length }));
      else {
        modal.warning({
          title: t("aftersale.approved_some", { done: items.length - failed.length, failed: failed.length }),
          content: failed.map((row) => (
            <p key={row.case_no}>
              {row.case_no}: {t(`errors.${String(row.error?.code)}`, { defaultValue: String(row.error?.message ?? "") })}
            </p>
          )),
        });
      }
    } catch (error) {
      void message.error(errorText(t, error));
    }
  };
  const ask = () =>
    modal.confirm({
      title: t("aftersale.approve_all", { count: chosen.length }),
      content: t("aftersale.approve_all_help"),
      okText: t("aftersale.do.approve"),
      cancelText: t("actions.cancel"),
      onOk: run,
    });
  return (
    <Button type="primary" icon={<CheckOutlined />} disabled={chosen.length === 0} onClick={ask} data-testid="approve-batch">
      {t("aftersale.approve_all", { count: chosen.length })}
    </Button>
  );
}

export function CaseCard({ item, open }: { item: AfterSaleCase; open: (item: AfterSaleCase) => void }) {
  const { t } = useTranslation();
  return (
    <button type="button" className="wb-card-button" onClick={() => open(item)}>
      <span className="wb-row-between">
        <strong>{t(`cases.kind.${item.kind}`)}</strong>
        <CaseStateTag state={item.state} />
      </span>
      <CaseLines item={item} />
      <span className="wb-row-between">
        <CaseNext item={item} />
        <CaseMoney item={item} />
      </span>
    </button>
  );
}

export function useCaseColumns(open: (item: AfterSaleCase) => void): DataColumn<AfterSaleCase>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    {
      key: "case_no",
      title: t("aftersale.column.case_no"),
      width: 190,
      fixed: "left",
      render: (item) => (
        <div className="wb-stack">
          <Button type="link" size="small" className="wb-mono wb-link" onClick={() => open(item)} data-testid="case-open">
            {item.case_no}
          </Button>
          <span>{t(`cases.kind.${item.kind}`)}</span>
        </div>
      ),
    },
    { key: "goods", title: t("aftersale.column.goods"), width: 260, render: (item) => <CaseLines item={item} /> },
    { key: "money", title: t("aftersale.column.money"), width: 120, align: "right", render: (item) => <CaseMoney item={item} /> },
    { key: "reason", title: t("aftersale.reason"), width: 140, render: (item) => t(`cases.reason.${item.reason}`) },
    { key: "state", title: t("aftersale.column.state"), width: 130, render: (item) => <CaseStateTag state={item.state} /> },
    { key: "next", title: t("aftersale.column.next"), width: 280, render: (item) => <CaseNext item={item} /> },
    { key: "buyer", title: t("aftersale.buyer"), width: 120, extra: true, render: (item) => item.buyer_name },
    { key: "order", title: t("aftersale.order"), width: 180, extra: true, render: (item) => <span className="wb-mono">{item.order_no}</span> },
    { key: "opened", title: t("aftersale.opened"), width: 150, render: (item) => format.dateTime(item.opened_at) },
  ];
}
