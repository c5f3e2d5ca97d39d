import { useFormat, useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { Picture, Stars } from "../kit/basics";
import { ErrorState, SkeletonRows } from "../kit/states";
import { useReviews } from "./queries";

const FIRST = 3;

/** Score and what buyers wrote; nothing is shown that nobody wrote. */
export function Reviews({ productId, count, score }: { productId: number; count: number; score: number | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useReviews(productId);
  const [open, setOpen] = useState(false);
  const reviews = list.data?.pages.flatMap((page) => page.items) ?? [];
  const summary = list.data?.pages[0]?.summary;
  const total = summary?.count ?? count;
  const shown = open ? reviews : reviews.slice(0, FIRST);
  const average = summary?.score ?? score;
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
      {list.isPending ? <SkeletonRows count={2} /> : null}
      {list.isError ? <ErrorState error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isSuccess && reviews.length === 0 ? <p className="muted">{t("review.none")}</p> : null}
      <ul className="reviews">
        {shown.map((review) => (
          <li key={review.id}>
            <div className="review-head">
              <b>{review.author_name}</b>
              <Stars score={review.score} size={12} />
              <time className="muted" dateTime={review.created_at}>
                {format.relative(review.created_at)}
              </time>
            </div>
            {review.option_text ? <small className="muted">{review.option_text}</small> : null}
            <p>{review.text}</p>
            {review.pictures.length > 0 ? (
              <div className="review-pictures">
                {review.pictures.map((url) => (
                  <a key={url} href={url} target="_blank" rel="noreferrer">
                    <Picture url={url} alt={t("review.picture")} />
                  </a>
                ))}
              </div>
            ) : null}
            {review.reply ? (
              <p className="review-reply">
                <b>{t("review.reply")}</b> {review.reply.text}
              </p>
            ) : null}
          </li>
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
