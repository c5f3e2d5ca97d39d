import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, App, Badge, Button, Drawer, Input, Segmented, Select, Skeleton, Space } from "antd";
import { useState } from "react";
import { get, post } from "../api/http";
import type { Page, PlatformCase, PlatformCaseDetail, ReviewCaseCounts } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { errorText } from "../app/errors";
import { Pager } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import type { FilterSchema } from "../table/url-filters";
import { usePages } from "../table/use-pages";
import { useUrlFilters } from "../table/use-url-filters";
import { CaseTimeline } from "./CasePanel";
import { REASONS } from "./queries";
import { Stars } from "./ReviewRow";
import "./reviews.css";

const QUEUES = ["reports", "appeals", "waiting", "closed"] as const;
const FILTERS = { queue: { type: "choice", choices: QUEUES, default: "reports" } } as const satisfies FilterSchema;

/** Reported reviews: what waits for the platform, and what it has decided. */
export default function CasesPage() {
  const { t } = useTranslation();
  const { values, change, reset } = useUrlFilters(FILTERS);
  const queue = values.queue ?? "reports";
  const counts = useQuery({ queryKey: ["review-cases", "counts"], queryFn: ({ signal }) => get<ReviewCaseCounts>("/operator/review-cases/counts", undefined, signal) });
  const pages = usePages<PlatformCase>(["review-cases", queue], (cursor, signal) => get<Page<PlatformCase>>("/operator/review-cases", { queue, cursor, limit: 20 }, signal));
  const [open, setOpen] = useState<number | null>(null);
  const counted: Record<string, number | undefined> = { ...counts.data };
  return (
    <div className="wb-page">
      <PageHead title={t("reviews.queue.title")} note={<span className="wb-muted">{t("reviews.queue.note")}</span>} />
      <Segmented
        value={queue}
        onChange={(next) => change({ queue: next })}
        options={QUEUES.map((each) => ({
          value: each,
          label: (
            <span>
              {t(`reviews.queue.queue.${each}`)} <Badge size="small" count={counted[each] ?? 0} />
            </span>
          ),
        }))}
      />
      {pages.query.isPending && <Skeleton active paragraph={{ rows: 6 }} className="wb-panel" />}
      {pages.query.isError && <ErrorView error={pages.query.error} onRetry={() => void pages.query.refetch()} />}
      {pages.query.isSuccess && pages.rows.length === 0 && (
        <div className="wb-panel">
          <EmptyList filtered={queue === "closed"} onReset={reset} title={t("reviews.queue.empty")} help={t("reviews.queue.empty_help")} />
        </div>
      )}
      <ul className="wb-plain-list wb-reviews">
        {pages.rows.map((row) => (
          <CaseRow key={row.id} row={row} onOpen={() => setOpen(row.id)} />
        ))}
      </ul>
      <Pager pages={pages} />
      {open !== null && <CaseDrawer key={open} caseId={open} onClose={() => setOpen(null)} />}
    </div>
  );
}

function CaseRow({ row, onOpen }: { row: PlatformCase; onOpen: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <li className="wb-panel wb-review" data-testid="case-row">
      <div className="wb-row-between">
        <span>
          <Stars score={row.review.goods_score} /> <strong>{row.review.product_name}</strong> <span className="wb-muted">{row.shop_name}</span>
        </span>
        {row.due_at && <small className="wb-muted">{t("reviews.queue.due", { moment: format.dateTime(row.due_at) })}</small>}
      </div>
      <p>{row.review.text}</p>
      <small className="wb-muted">{row.reports.map((report) => `${t(`reviews.reason.${report.reason}`)}${report.by_shop ? ` (${t("reviews.queue.by_shop")})` : ""}`).join(" · ")}</small>
      <div>
        <Button size="small" onClick={onOpen} data-testid="case-open">
          {t("reviews.queue.open")}
        </Button>
      </div>
    </li>
  );
}

function CaseDrawer({ caseId, onClose }: { caseId: number; onClose: () => void }) {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ["review-cases", "one", caseId], queryFn: ({ signal }) => get<PlatformCaseDetail>(`/operator/review-cases/${caseId}`, undefined, signal) });
  return (
    <Drawer open title={t("reviews.queue.title")} onClose={onClose} size="large">
      {found.isPending && <Skeleton active />}
      {found.isError && <ErrorView error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && (
        <div className="wb-stack">
          <span>
            <Stars score={found.data.review.goods_score} /> <strong>{found.data.review.product_name}</strong>
          </span>
          <p>{found.data.review.text}</p>
          {found.data.review.follow_up && <p>{found.data.review.follow_up.text}</p>}
          <div className="wb-review-pictures">
            {found.data.review.pictures.map((url) => (
              <a key={url} href={url} target="_blank" rel="noreferrer" aria-label={t("reviews.show.pictures")}>
                <img src={url} alt="" width={96} height={96} className="wb-thumb" />
              </a>
            ))}
          </div>
          <h3>{t("reviews.queue.reports")}</h3>
          <ul>
            {found.data.reports.map((report) => (
              <li key={`${report.by}${report.created_at}`}>
                {report.by} {report.by_shop && `(${t("reviews.queue.by_shop")})`} · {t(`reviews.reason.${report.reason}`)} {report.text && `· ${report.text}`}
              </li>
            ))}
          </ul>
          {found.data.waiting_for === "platform" && <Decision found={found.data} onDone={onClose} />}
          <h3>{t("reviews.queue.trail")}</h3>
          <CaseTimeline steps={found.data.trail} />
        </div>
      )}
    </Drawer>
  );
}

function Decision({ found, onDone }: { found: PlatformCaseDetail; onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [reason, setReason] = useState<string | null>(found.reason || null);
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const decide = async (hide: boolean) => {
    setBusy(true);
    setRefusal(null);
    try {
      await post(`/operator/review-cases/${found.id}/decide`, { hide, reason: hide ? reason : null, text: text.trim() });
      await client.invalidateQueries({ queryKey: ["review-cases"] });
      void message.success(t("reviews.queue.decided"));
      onDone();
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="wb-stack">
      <Select allowClear value={reason} onChange={(next) => setReason(next ?? null)} placeholder={t("reviews.queue.reason")} aria-label={t("reviews.queue.reason")} options={REASONS.map((one) => ({ value: one, label: t(`reviews.reason.${one}`) }))} data-testid="case-reason" />
      <Input.TextArea rows={3} maxLength={500} showCount value={text} onChange={(event) => setText(event.target.value)} placeholder={t("reviews.queue.say")} aria-label={t("reviews.queue.say")} />
      {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
      <Space>
        <Button loading={busy} onClick={() => void decide(false)} data-testid="case-keep">
          {t("reviews.queue.keep")}
        </Button>
        <Button danger loading={busy} disabled={!reason} onClick={() => void decide(true)} data-testid="case-hide">
          {t("reviews.queue.hide")}
        </Button>
      </Space>
    </div>
  );
}
