import { useQueryClient } from "@tanstack/react-query";
import { api, type Review, unwrap } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { Picture, Stars } from "../kit/basics";
import { useReport } from "../kit/useReport";
import { ReportSheet } from "./ReportSheet";
import { type Aspect, piecesOf } from "./review-kinds";

/** One review as everybody reads it: with what was added later, the shop's answers, and a reader's two buttons. */
export function ReviewItem({ review, aspect }: { review: Review; aspect: Aspect | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [reporting, setReporting] = useState(false);
  return (
    <li>
      <div className="review-head">
        <b>{review.anonymous ? t("review.anonymous_author") : review.author_name}</b>
        <Stars score={review.score} size={12} />
        <time className="muted" dateTime={review.created_at}>
          {format.relative(review.created_at)}
        </time>
      </div>
      {review.option_text ? <small className="muted">{review.option_text}</small> : null}
      {review.is_default ? <p className="muted">{t("review.by_system")}</p> : <Words text={review.text} review={review} aspect={aspect} inFollowUp={false} />}
      <Pictures urls={review.pictures} />
      <Answer reply={review.reply} />
      {review.follow_up ? (
        <div className="review-follow-up">
          <small className="review-follow-mark">{t(review.follow_up.days_after_receipt > 0 ? "review.follow_up_after" : "review.follow_up_same_day", { count: review.follow_up.days_after_receipt })}</small>
          <Words text={review.follow_up.text} review={review} aspect={aspect} inFollowUp />
          <Pictures urls={review.follow_up.pictures} />
          <Answer reply={review.follow_up.reply} />
        </div>
      ) : null}
      <div className="review-foot">
        <Helpful review={review} />
        <button type="button" className="text-button" onClick={() => setReporting(true)} data-testid="review-report">
          {t("review.report")}
        </button>
      </div>
      {reporting ? <ReportSheet reviewId={review.id} onClose={() => setReporting(false)} /> : null}
    </li>
  );
}

function Words({ text, review, aspect, inFollowUp }: { text: string; review: Review; aspect: Aspect | null; inFollowUp: boolean }) {
  return (
    <p>
      {piecesOf(text, review.spans, aspect, inFollowUp).map((piece, place) =>
        piece.polarity === 0 ? (
          piece.text
        ) : (
          <mark key={place} className={piece.polarity > 0 ? "said-good" : "said-bad"}>
            {piece.text}
          </mark>
        ),
      )}
    </p>
  );
}

export function Pictures({ urls }: { urls: string[] }) {
  const { t } = useTranslation();
  if (urls.length === 0) return null;
  return (
    <div className="review-pictures">
      {urls.map((url) => (
        <a key={url} href={url} target="_blank" rel="noreferrer">
          <Picture url={url} alt={t("review.picture")} />
        </a>
      ))}
    </div>
  );
}

export function Answer({ reply }: { reply: Review["reply"] }) {
  const { t } = useTranslation();
  if (!reply) return null;
  return (
    <p className="review-reply">
      <b>{t("review.reply")}</b> {reply.text}
      {reply.edited_at ? <small className="muted"> {t("review.edited")}</small> : null}
    </p>
  );
}

function Helpful({ review }: { review: Review }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const report = useReport();
  const [busy, setBusy] = useState(false);
  const turn = async () => {
    const where = { params: { path: { review_id: review.id } } };
    setBusy(true);
    try {
      await unwrap(review.found_helpful ? api.DELETE("/api/v1/reviews/{review_id}/helpful", where) : api.PUT("/api/v1/reviews/{review_id}/helpful", where));
      await client.invalidateQueries({ queryKey: ["product", review.product_id, "reviews"] });
    } catch (error) {
      report(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <button type="button" className="text-button" aria-pressed={review.found_helpful} disabled={busy} onClick={() => void turn()} data-testid="review-helpful">
      {t("review.helpful")} {review.helpful_count > 0 ? review.helpful_count : null}
    </button>
  );
}
