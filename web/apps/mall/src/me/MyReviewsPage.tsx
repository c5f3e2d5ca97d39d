import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { api, type OwnReview, unwrap } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { type FormEvent, useState } from "react";
import { Link } from "react-router";
import { Stars } from "../kit/basics";
import { LoadMore } from "../kit/LoadMore";
import { EmptyState, ErrorState, SkeletonRows } from "../kit/states";
import { showToast } from "../kit/toast";
import { useReport } from "../kit/useReport";
import { ReviewPictures } from "../orders/ReviewPictures";
import "../orders/orders.css";
import { Answer, Pictures } from "../product/ReviewItem";
import "../product/product.css";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import "./me.css";

const KEY = ["own-reviews"];

/** One's own reviews: what others read, what was added, and what the platform decided. */
export function MyReviewsPage() {
  const { t } = useTranslation();
  useTitle(t("me.reviews"));
  const list = useInfiniteQuery({
    queryKey: KEY,
    queryFn: ({ pageParam }) => unwrap(api.GET("/api/v1/reviews/mine", { params: { query: pageParam ? { cursor: pageParam } : {} } })),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
  const reviews = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <main className="page page-narrow">
      <PageHead title={t("me.reviews")} />
      {list.isPending ? <SkeletonRows /> : null}
      {list.isError ? <ErrorState error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isSuccess && reviews.length === 0 ? (
        <EmptyState icon="star" title={t("review.mine_empty")} hint={t("review.mine_empty_hint")} action={<Link className="button" to="/orders?tab=to_review">{t("review.to_orders")}</Link>} />
      ) : null}
      <ul className="reviews own-reviews">
        {reviews.map((review) => (
          <Own key={review.id} review={review} />
        ))}
      </ul>
      <LoadMore hasMore={list.hasNextPage} busy={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
    </main>
  );
}

function Own({ review }: { review: OwnReview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [opened] = useState(() => Date.now());
  const [adding, setAdding] = useState(false);
  return (
    <li className="card" id={`review-${review.id}`} data-testid="own-review">
      <div className="review-head">
        <Link to={`/product/${review.product_id}`}>
          <b>{review.product_name}</b>
        </Link>
        <Stars score={review.score} size={12} />
        <time className="muted" dateTime={review.created_at}>
          {format.relative(review.created_at)}
        </time>
      </div>
      <p className={review.is_default ? "muted" : ""}>{review.is_default ? t("review.by_system") : review.text}</p>
      <Pictures urls={review.pictures} />
      <Answer reply={review.reply} />
      {review.follow_up ? (
        <div className="review-follow-up">
          <small className="review-follow-mark">{t(review.follow_up.days_after_receipt > 0 ? "review.follow_up_after" : "review.follow_up_same_day", { count: review.follow_up.days_after_receipt })}</small>
          <p>{review.follow_up.text}</p>
          <Pictures urls={review.follow_up.pictures} />
          <Answer reply={review.follow_up.reply} />
        </div>
      ) : null}
      {review.case ? <CaseState review={review} /> : null}
      {review.follow_up_until && Date.parse(review.follow_up_until) > opened && !adding ? (
        <button type="button" className="button button-small button-quiet" onClick={() => setAdding(true)} data-testid="follow-up">
          {t("review.follow_up_write")} <small className="muted">{t("review.until", { day: format.date(review.follow_up_until) })}</small>
        </button>
      ) : null}
      {adding ? <FollowUpForm review={review} onDone={() => setAdding(false)} /> : null}
    </li>
  );
}

function FollowUpForm({ review, onDone }: { review: OwnReview; onDone: () => void }) {
  const { t } = useTranslation();
  const send = useSend(onDone);
  const [text, setText] = useState("");
  const [pictures, setPictures] = useState<{ ids: number[]; busy: boolean }>({ ids: [], busy: false });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void send.run(
      () => unwrap(api.POST("/api/v1/reviews/{review_id}/follow-up", { params: { path: { review_id: review.id } }, body: { text: text.trim(), picture_ids: pictures.ids } })),
      t("review.follow_up_done"),
    );
  };
  return (
    <form className="report-form" onSubmit={onSubmit}>
      <label className="field">
        <span>{t("review.follow_up_write")}</span>
        <textarea rows={3} maxLength={1000} required value={text} placeholder={t("review.follow_up_hint")} onChange={(event) => setText(event.target.value)} data-testid="follow-up-text" />
      </label>
      <ReviewPictures orderNo={review.order_no} onChange={(ids, busy) => setPictures({ ids, busy })} />
      <button type="submit" className="button" disabled={send.busy || pictures.busy || !text.trim()} data-testid="follow-up-send">
        {t("review.send")}
      </button>
    </form>
  );
}

/** Where a reported review stands, who must act by when, and one's own turn if it is. */
function CaseState({ review }: { review: OwnReview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const send = useSend(() => undefined);
  const [text, setText] = useState("");
  const found = review.case!;
  const turn = found.waiting_for === "author" ? (found.state === "hidden" ? "appeal" : "statement") : null;
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const where = { params: { path: { review_id: review.id } }, body: { text: text.trim() } };
    void send.run(
      () => unwrap(turn === "appeal" ? api.POST("/api/v1/reviews/{review_id}/appeal", where) : api.POST("/api/v1/reviews/{review_id}/statement", where)),
      t("review.case_sent"),
    );
  };
  return (
    <div className="review-case" data-testid="review-case">
      <b>{t(`review.case.${found.state === "closed" ? (found.hidden ? "closed_hidden" : "closed_kept") : found.state}`)}</b>
      {found.hidden && found.reason ? <span> · {t(`review.reason.${found.reason}`)}</span> : null}
      {found.note ? <p>{found.note}</p> : null}
      {found.waiting_for && found.due_at ? <small className="muted">{t(`review.case_waits.${found.waiting_for}`, { moment: format.dateTime(found.due_at) })}</small> : null}
      {turn ? (
        <form className="report-form" onSubmit={onSubmit}>
          <label className="field">
            <span>{t(`review.case_turn.${turn}`)}</span>
            <textarea rows={3} maxLength={500} required value={text} onChange={(event) => setText(event.target.value)} data-testid="case-text" />
          </label>
          <button type="submit" className="button button-small" disabled={send.busy || !text.trim()} data-testid="case-send">
            {t("review.send_word")}
          </button>
        </form>
      ) : null}
    </div>
  );
}

function useSend(onDone: () => void) {
  const client = useQueryClient();
  const report = useReport();
  const [busy, setBusy] = useState(false);
  const run = async (call: () => Promise<unknown>, done: string) => {
    setBusy(true);
    try {
      await call();
      await client.invalidateQueries({ queryKey: KEY });
      showToast(done);
      onDone();
    } catch (error) {
      report(error);
    } finally {
      setBusy(false);
    }
  };
  return { busy, run };
}
