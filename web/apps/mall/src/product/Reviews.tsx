import type { ProductReviews } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { Stars } from "../kit/basics";
import { ErrorState, SkeletonRows } from "../kit/states";
import { ReviewItem } from "./ReviewItem";
import { type Aspect, countOf, EVERYTHING, praiseOf, type ReviewQuery, type ReviewSort, SHOWS, SORTS } from "./review-kinds";
import { useReviews } from "./queries";

const FIRST = 3;

/** Score and what buyers wrote; nothing is shown that nobody wrote unless it is asked for. */
export function Reviews({ productId, count, score }: { productId: number; count: number; score: number | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [query, setQuery] = useState<ReviewQuery>(EVERYTHING);
  const list = useReviews(productId, query);
  const [open, setOpen] = useState(false);
  const reviews = list.data?.pages.flatMap((page) => page.items) ?? [];
  const summary = list.data?.pages[0]?.summary;
  const total = summary?.count ?? count;
  const shown = open ? reviews : reviews.slice(0, FIRST);
  const average = summary?.score ?? score;
  const narrowed = query.show !== "all" || query.aspect !== null;
  return (
    <section className="product-section" data-testid="reviews">
      <h2>
        {t("review.title")} {total > 0 ? <small className="muted">{format.compact(total)}</small> : null}
        {average ? (
          <span className="review-score">
            <Stars score={average} /> {average.toFixed(1)}
          </span>
        ) : null}
      </h2>
      {summary && (total > 0 || summary.defaults > 0) ? <Narrowing summary={summary} query={query} onChange={setQuery} /> : null}
      {list.isPending ? <SkeletonRows count={2} /> : null}
      {list.isError ? <ErrorState error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isSuccess && reviews.length === 0 ? <p className="muted">{t(narrowed ? "review.none_such" : "review.none")}</p> : null}
      <ul className="reviews">
        {shown.map((review) => (
          <ReviewItem key={review.id} review={review} aspect={query.aspect} />
        ))}
      </ul>
      {reviews.length > FIRST && !open ? (
        <button type="button" className="text-button" onClick={() => setOpen(true)}>
          {t("review.more")}
        </button>
      ) : null}
      {open && list.hasNextPage ? (
        <button type="button" className="text-button" onClick={() => void list.fetchNextPage()} disabled={list.isFetchingNextPage}>
          {t("common:actions.load_more")}
        </button>
      ) : null}
    </section>
  );
}

function Narrowing({ summary, query, onChange }: { summary: ProductReviews["summary"]; query: ReviewQuery; onChange: (query: ReviewQuery) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const pick = (aspect: Aspect) => onChange({ ...query, show: "all", aspect: query.aspect === aspect ? null : aspect });
  const asked = summary.aspects.find((one) => one.aspect === query.aspect);
  return (
    <>
      <div className="review-chips" role="group" aria-label={t("review.filter")}>
        {SHOWS.filter((show) => show === "all" || (countOf(summary, show) ?? 0) > 0).map((show) => (
          <button key={show} type="button" className="chip" aria-pressed={query.show === show && query.aspect === null} onClick={() => onChange({ ...query, show, aspect: null })} data-testid={`review-show-${show}`}>
            {t(`review.show.${show}`)} {format.compact(countOf(summary, show) ?? 0)}
          </button>
        ))}
        {summary.aspects.map((one) => (
          <button key={one.aspect} type="button" className={`chip ${praiseOf(one) >= 50 ? "chip-good" : "chip-bad"}`} aria-pressed={query.aspect === one.aspect} onClick={() => pick(one.aspect)} data-testid={`review-aspect-${one.aspect}`}>
            {t(`review.aspect.${one.aspect}`)} {format.compact(one.mentions)}
          </button>
        ))}
      </div>
      {asked ? (
        <p className="review-said" role="status">
          {t("review.said", { percent: praiseOf(asked), count: asked.mentions, aspect: t(`review.aspect.${asked.aspect}`) })}
        </p>
      ) : null}
      <label className="review-sort">
        <span className="muted">{t("review.sort_by")}</span>
        <select value={query.sort} onChange={(event) => onChange({ ...query, sort: event.target.value as ReviewSort })} data-testid="review-sort">
          {SORTS.map((sort) => (
            <option key={sort} value={sort}>
              {t(`review.sort.${sort}`)}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}
