import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Segmented, Skeleton, Tabs, Tag } from "antd";
import { useState } from "react";
import { errorText } from "../app/errors";
import { PageHead } from "../app/PageHead";
import { type DataColumn, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import type { FilterSchema } from "../table/url-filters";
import { usePages } from "../table/use-pages";
import { useUrlFilters } from "../table/use-url-filters";
import { WAITING, WaitingFilter, waitingFor } from "./WaitingFilter";
import { NextStep, SampleTag, useMoney } from "./Words";
import { OffersPanel } from "./OffersPanel";
import { type Sample, type Side, sampleKey, samplesPage, useSampleActions, useSampleCounts } from "./queries";
import { SampleDrawer } from "./SampleDrawer";
import { useSide } from "./side";

const QUEUES = ["applied", "flagged", "paying", "to_ship", "out", "extension", "declared", "fulfilled", "aborted", "breached"] as const;
const FILTERS = { tab: { type: "choice", choices: ["samples", "offers"], default: "samples" }, queue: { type: "choice", choices: ["all", ...QUEUES], default: "all" }, waiting: { type: "choice", choices: WAITING, default: "all" }, sample: { type: "text" } } as const satisfies FilterSchema;

/** Samples, of a shop or of a creator. */
export default function SamplesPage() {
  const side = useSide();
  const { t } = useTranslation();
  return side ? <Samples side={side} /> : <Skeleton active paragraph={{ rows: 8 }} className="wb-page" aria-label={t("loading")} />;
}

function Samples({ side }: { side: Side }) {
  const { t } = useTranslation();
  const { values, change } = useUrlFilters(FILTERS);
  const tab = values.tab === "offers" ? "offers" : "samples";
  return (
    <div className="wb-page">
      <PageHead title={t("rooms.samples")} note={<span className="wb-muted">{t(`collab.samples_note.${side.name}`)}</span>} />
      <div className="wb-filters">
        <Segmented value={tab} onChange={(next) => change({ tab: next })} options={(["samples", "offers"] as const).map((one) => ({ value: one, label: t(`collab.samples_tab.${side.name}.${one}`) }))} />
      </div>
      {tab === "offers" ? <OffersPanel side={side} /> : <Requests side={side} queue={values.queue ?? "all"} waiting={values.waiting} onFilter={change} onOpen={(sample) => change({ sample })} />}
      <SampleDrawer side={side} number={values.sample} onClose={() => change({ sample: undefined })} />
    </div>
  );
}

interface Filter {
  queue?: "all" | (typeof QUEUES)[number];
  waiting?: (typeof WAITING)[number];
}

function Requests({ side, queue, waiting, onFilter, onOpen }: { side: Side; queue: string; waiting: string | undefined; onFilter: (filter: Filter) => void; onOpen: (number: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = useMoney();
  const counts = useSampleCounts(side);
  const pages = usePages<Sample>([...sampleKey(side), "page", queue, waiting], samplesPage(side, queue, waitingFor(side, waiting)));
  const [selected, setSelected] = useState<string[]>([]);
  const who = (row: Sample) => (side.name === "merchant" ? row.creator_name : format.named({ name: row.shop_name, name_en: row.shop_name_en }));
  const what = (row: Sample) => (
    <Button type="link" size="small" onClick={() => onOpen(row.sample_no)}>
      {row.product_name || `#${row.product_id}`} × {row.quantity}
    </Button>
  );
  const flag = (row: Sample) => row.flag !== "" && side.name === "merchant" && <Tag color="warning">{t("collab.flagged")}</Tag>;
  const columns: DataColumn<Sample>[] = [
    { key: "product", title: t("collab.column.product"), width: 280, fixed: "left", render: what },
    { key: "who", title: t(`collab.column.${side.name === "merchant" ? "creator" : "shop"}`), width: 160, render: who },
    { key: "kind", title: t("collab.column.kind"), width: 150, render: (row) => `${t(`collab.kind.${row.kind}`)}${row.pay_minor ? ` ${money(row.pay_minor)}` : ""}` },
    { key: "state", title: t("collab.column.state"), width: 170, render: (row) => <><SampleTag state={row.state} /> {flag(row)}</> },
    { key: "next", title: t("collab.column.next"), width: 240, render: (row) => <NextStep side={side.name} waiting_for={row.waiting_for} due_at={row.due_at} /> },
    { key: "no", title: t("collab.column.number"), width: 190, extra: true, render: (row) => <span className="wb-mono">{row.sample_no}</span> },
  ];
  const bulk = side.name === "merchant" && side.editable;
  return (
    <>
      <Tabs
        className="wb-tabs"
        activeKey={queue}
        onChange={(next) => {
          setSelected([]);
          onFilter({ queue: next as "all" });
        }}
        items={["all", ...QUEUES].map((name) => {
          const count = name === "all" || ["fulfilled", "aborted"].includes(name) ? 0 : (counts.data?.[name as (typeof QUEUES)[number]] ?? 0);
          return { key: name, label: <span data-testid={`sample-queue-${name}`}>{t(`collab.queue.${name}`)}{count > 0 && <span className={name === "flagged" ? "wb-tab-late" : "wb-tab-count"}>{count}</span>}</span> };
        })}
      />
      <WaitingFilter value={waiting} onChange={(next) => onFilter({ waiting: next })} />
      {bulk && selected.length > 0 && <BulkBar side={side} rows={pages.rows.filter((row) => selected.includes(row.sample_no))} onDone={() => setSelected([])} />}
      <DataTable
        name={`samples-${side.name}`}
        columns={columns}
        rowKey={(row) => row.sample_no}
        pages={pages}
        rowTestId="sample"
        {...(bulk ? { selected, onSelect: (keys: React.Key[]) => setSelected(keys.map(String)) } : {})}
        onOpen={(row) => onOpen(row.sample_no)}
        onRowClick={(row) => onOpen(row.sample_no)}
        empty={<EmptyList filtered={queue !== "all" || (waiting ?? "all") !== "all"} onReset={() => onFilter({ queue: "all", waiting: "all" })} title={t("collab.no_samples")} help={t(`collab.no_samples_help.${side.name}`)} />}
        renderCard={(row) => (
          <button type="button" className="wb-card-button" onClick={() => onOpen(row.sample_no)}>
            <span className="wb-row-between">
              <strong>{row.product_name}</strong>
              <SampleTag state={row.state} />
            </span>
            <span className="wb-muted">{who(row)} {flag(row)}</span>
            <NextStep side={side.name} waiting_for={row.waiting_for} due_at={row.due_at} />
          </button>
        )}
      />
    </>
  );
}

/** Answers many at once; each has its own result, and what was refused says why. */
function BulkBar({ side, rows, onDone }: { side: Side; rows: Sample[]; onDone: () => void }) {
  const { t } = useTranslation();
  const { message, notification } = App.useApp();
  const actions = useSampleActions(side);
  const [busy, setBusy] = useState(false);
  const open = rows.filter((row) => row.state === "applied");
  const decide = async (approve: boolean) => {
    setBusy(true);
    try {
      const { results } = await actions.decide(open, approve, "");
      const refused = results.filter((row) => !row.done);
      void message.success(t("collab.bulk_done", { count: results.length - refused.length }));
      if (refused.length > 0) {
        notification.warning({ title: t("collab.bulk_refused", { count: refused.length }), description: refused.map((row) => `${row.sample_no}: ${t(`errors.${String(row.error?.["code"])}`, { defaultValue: String(row.error?.["message"]) })}`).join(" · ") });
      }
      onDone();
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="wb-filters" role="toolbar" aria-label={t("collab.bulk")}>
      <span>{t("collab.bulk_selected", { count: open.length })}</span>
      <Button type="primary" loading={busy} disabled={open.length === 0} onClick={() => void decide(true)} data-testid="samples-approve">
        {t("collab.step.approve")}
      </Button>
      <Button danger loading={busy} disabled={open.length === 0} onClick={() => void decide(false)} data-testid="samples-reject">
        {t("collab.step.reject")}
      </Button>
    </div>
  );
}
