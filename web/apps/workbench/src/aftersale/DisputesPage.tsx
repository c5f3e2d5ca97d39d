import { useFormat, useTranslation } from "@xingqu/i18n";
import { Select, Tabs } from "antd";
import { useNavigate } from "react-router";
import type { AfterSaleCase, DisputeCounts } from "../api/types";
import { PageHead } from "../app/PageHead";
import { DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { SearchBox } from "../table/SearchBox";
import { countActive, type FilterSchema } from "../table/url-filters";
import { usePages } from "../table/use-pages";
import { useUrlFilters } from "../table/use-url-filters";
import { CaseCard, KINDS, useCaseColumns } from "./AftersalePage";
import { PLATFORM_ROOT, casesFetcher, useCaseCounts } from "./queries";

const QUEUES = ["open", "handling", "merchant_evidence", "negotiation", "overdue", "decided", "failed"] as const;
const FILTERS = {
  queue: { type: "choice", choices: QUEUES, default: "open" },
  kind: { type: "choice", choices: KINDS },
  q: { type: "text" },
} as const satisfies FilterSchema;

/** What buyers and shops could not agree on, and what waits for the platform. */
export default function DisputesPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const { values, change, reset } = useUrlFilters(FILTERS);
  const counts = useCaseCounts<DisputeCounts>(PLATFORM_ROOT);
  const filters = { queue: values.queue ?? "open", kind: values.kind, q: values.q };
  const pages = usePages(["aftersales", PLATFORM_ROOT, filters], casesFetcher(PLATFORM_ROOT, filters));
  const open = (item: AfterSaleCase) => void navigate(`/operator/disputes/${item.case_no}`);
  const columns = useCaseColumns(open);
  columns.splice(1, 0, { key: "shop", title: t("aftersale.column.shop"), width: 140, render: (item) => format.named(item.shop) });
  return (
    <div className="wb-page">
      <PageHead title={t("operator.room.disputes")} note={<span className="wb-muted">{t("aftersale.disputes_note")}</span>} />
      <Tabs
        activeKey={values.queue ?? "open"}
        onChange={(queue) => change({ queue: queue as "open" })}
        className="wb-tabs"
        items={QUEUES.map((queue) => {
          const count = queue === "decided" ? 0 : (counts.data?.[queue] ?? 0);
          return {
            key: queue,
            label: (
              <span data-testid={`queue-${queue}`}>
                {t(`aftersale.platform_queue.${queue}`)}
                {count > 0 && <span className={queue === "overdue" ? "wb-tab-late" : "wb-tab-count"}>{count}</span>}
              </span>
            ),
          };
        })}
      />
      <div className="wb-filters">
        <SearchBox value={values.q} onChange={(q) => change({ q })} placeholder={t("aftersale.search")} testId="disputes-search" />
        <Select
          allowClear
          value={values.kind}
          onChange={(kind: string | undefined) => change({ kind })}
          placeholder={t("aftersale.every_kind")}
          aria-label={t("aftersale.kind")}
          options={KINDS.map((kind) => ({ value: kind, label: t(`cases.kind.${kind}`) }))}
          style={{ minWidth: 170 }}
        />
      </div>
      <DataTable
        name="disputes"
        rowKey={(item) => item.case_no}
        columns={columns}
        pages={pages}
        rowTestId="dispute-row"
        onOpen={open}
        renderCard={(item) => <CaseCard item={item} open={open} />}
        empty={
          <EmptyList filtered={countActive(FILTERS, { ...values, queue: undefined }) > 0} onReset={reset} title={t("aftersale.no_disputes")} help={t("aftersale.no_disputes_help")} />
        }
      />
    </div>
  );
}
