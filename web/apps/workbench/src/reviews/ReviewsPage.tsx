import { useTranslation } from "@xingqu/i18n";
import { Badge, Button, Select, Segmented, Skeleton, Space } from "antd";
import { useState } from "react";
import { get } from "../api/http";
import type { Page, Review } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { Pager } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { ExportButton } from "../table/ExportButton";
import { SavedViews } from "../table/SavedViews";
import { SearchBox } from "../table/SearchBox";
import { countActive, type FilterSchema } from "../table/url-filters";
import { usePages } from "../table/use-pages";
import { useUrlFilters } from "../table/use-url-filters";
import { BatchReply } from "./BatchReply";
import { OpinionsPanel } from "./OpinionsPanel";
import { ASPECTS, QUEUES, useReviewCounts } from "./queries";
import { ReviewRow } from "./ReviewRow";
import { SavedReplies } from "./SavedReplies";
import "./reviews.css";

const FILTERS = {
  show: { type: "choice", choices: QUEUES, default: "all" },
  q: { type: "text" },
  aspect: { type: "choice", choices: ASPECTS },
  feeling: { type: "choice", choices: ["positive", "negative"] },
  product: { type: "id" },
} as const satisfies FilterSchema;

/** The review desk: what buyers say, what is to be answered, and what the platform has been asked about. */
export default function ReviewsPage() {
  const { t } = useTranslation();
  const shop = useShop();
  const { values, change, reset } = useUrlFilters(FILTERS);
  const counts = useReviewCounts(shop.id);
  const [picked, setPicked] = useState<number[]>([]);
  const [saved, setSaved] = useState(false);
  const editable = mayEdit(shop.permissions, "reviews");
  const query = { queue: values.show ?? "all", q: values.q, aspect: values.aspect, feeling: values.feeling, product_id: values.product };
  const pages = usePages<Review>(["reviews", shop.id, query], (cursor, signal) => get<Page<Review>>(`/shops/${shop.id}/reviews`, { ...query, cursor, limit: 20 }, signal));
  const filtered = countActive(FILTERS, values) > 0;
  const counted: Record<string, number | undefined> = { ...counts.data };
  return (
    <div className="wb-page">
      <PageHead
        title={t("rooms.reviews")}
        note={counts.data && counts.data.to_act > 0 ? <strong>{t("reviews.to_act", { count: counts.data.to_act })}</strong> : undefined}
        actions={
          <Space wrap>
            {editable && <Button onClick={() => setSaved(true)}>{t("reviews.saved")}</Button>}
            <ExportButton path={`/shops/${shop.id}/reviews`} query={query} testId="reviews-export" />
            <SavedViews table="reviews" />
          </Space>
        }
      />
      <OpinionsPanel onPick={(aspect, feeling) => change({ aspect, feeling, show: "all" })} />
      <div className="wb-filters wb-reviews-filters">
        <Segmented
          value={values.show ?? "all"}
          onChange={(show) => change({ show })}
          options={QUEUES.map((show) => ({
            value: show,
            label: (
              <span>
                {t(`reviews.show.${show}`)} <Badge size="small" count={["unanswered", "follow_up_unanswered", "reported"].includes(show) ? (counted[show] ?? 0) : 0} overflowCount={999} />
              </span>
            ),
          }))}
        />
        <SearchBox value={values.q} onChange={(q) => change({ q })} placeholder={t("reviews.search")} testId="reviews-search" />
        <Select allowClear placeholder={t("reviews.any_aspect")} value={values.aspect ?? null} onChange={(aspect) => change({ aspect: aspect ?? undefined })} options={ASPECTS.map((aspect) => ({ value: aspect, label: t(`reviews.aspect.${aspect}`) }))} style={{ minWidth: 130 }} aria-label={t("reviews.any_aspect")} />
        <Select allowClear placeholder={t("reviews.any_feeling")} value={values.feeling ?? null} onChange={(feeling) => change({ feeling: feeling ?? undefined })} options={(["positive", "negative"] as const).map((feeling) => ({ value: feeling, label: t(`reviews.feeling.${feeling}`) }))} style={{ minWidth: 110 }} aria-label={t("reviews.any_feeling")} />
      </div>
      {editable && picked.length > 0 && <BatchReply ids={picked} onDone={() => setPicked([])} />}
      {pages.query.isPending && <Skeleton active paragraph={{ rows: 8 }} className="wb-panel" />}
      {pages.query.isError && <ErrorView error={pages.query.error} onRetry={() => void pages.query.refetch()} />}
      {pages.query.isSuccess && pages.rows.length === 0 && (
        <div className="wb-panel">
          <EmptyList filtered={filtered} onReset={reset} title={t("reviews.empty")} help={t("reviews.empty_help")} />
        </div>
      )}
      <ul className="wb-plain-list wb-reviews">
        {pages.rows.map((review) => (
          <ReviewRow
            key={review.id}
            review={review}
            aspect={values.aspect}
            picked={picked.includes(review.id)}
            onPick={editable && !review.reply && !review.is_default ? (on) => setPicked((now) => (on ? [...now, review.id] : now.filter((id) => id !== review.id))) : undefined}
          />
        ))}
      </ul>
      <Pager pages={pages} />
      {saved && <SavedReplies onClose={() => setSaved(false)} />}
    </div>
  );
}
