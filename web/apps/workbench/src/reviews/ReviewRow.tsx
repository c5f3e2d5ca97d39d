import { StarFilled } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Checkbox, Tag } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import type { Review } from "../api/types";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { Thumb } from "../products/Thumb";
import { CasePanel } from "./CasePanel";
import { Reply } from "./Reply";
import { ReportDialog } from "./ReportDialog";
import { piecesOf } from "./spans";

interface ReviewRowProps {
  review: Review;
  aspect: string | undefined;
  picked: boolean;
  onPick: ((on: boolean) => void) | undefined;
}

export function ReviewRow({ review, aspect, picked, onPick }: ReviewRowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const [reporting, setReporting] = useState(false);
  const open = review.case !== null && review.case.closed_at === null;
  return (
    <li className="wb-panel wb-review" data-testid="review" id={`review-${review.id}`}>
      <div className="wb-row-between">
        <span>
          {onPick && <Checkbox checked={picked} onChange={(event) => onPick(event.target.checked)} aria-label={t("reviews.pick")} data-testid="review-pick" />} <Stars score={review.goods_score} />
          <strong>{review.anonymous ? t("reviews.anonymous") : review.author_name}</strong> {review.is_default && <Tag>{t("reviews.default")}</Tag>}
          {review.hidden && <Tag color="red">{t("reviews.hidden")}</Tag>}
        </span>
        <small className="wb-muted">{format.dateTime(review.created_at)}</small>
      </div>
      <small className="wb-muted">{t("reviews.parts", { service: review.service_score, logistics: review.logistics_score, helpful: review.helpful_count })}</small>
      <Words review={review} text={review.text} aspect={aspect} inFollowUp={false} />
      <Pictures urls={review.pictures} />
      <div className="wb-review-what">
        <Link to={`/shops/${shop.id}/products/${review.product_id}`}>{review.product_name}</Link>
        <span className="wb-muted">{review.option_text}</span>
        <Link to={`/shops/${shop.id}/orders?order=${review.order_no}`} className="wb-mono">
          {review.order_no}
        </Link>
      </div>
      {!review.is_default && <Reply reviewId={review.id} part="review" reply={review.reply} />}
      {review.follow_up && (
        <div className="wb-follow-up">
          <small className="wb-muted">{t("reviews.follow_up_after", { count: review.follow_up.days_after_receipt })}</small>
          <Words review={review} text={review.follow_up.text} aspect={aspect} inFollowUp />
          <Pictures urls={review.follow_up.pictures} />
          <Reply reviewId={review.id} part="follow_up" reply={review.follow_up.reply} />
        </div>
      )}
      {review.case && <CasePanel reviewId={review.id} found={review.case} />}
      {mayEdit(shop.permissions, "reviews") && !open && !review.hidden && !review.is_default && (
        <div>
          <Button size="small" type="text" onClick={() => setReporting(true)} data-testid="review-report">
            {t("reviews.report")}
          </Button>
        </div>
      )}
      {reporting && <ReportDialog reviewId={review.id} onClose={() => setReporting(false)} />}
    </li>
  );
}

export function Stars({ score }: { score: number }) {
  const { t } = useTranslation();
  return (
    <span className="wb-stars" role="img" aria-label={t("reviews.score", { score })}>
      {[1, 2, 3, 4, 5].map((step) => (
        <StarFilled key={step} className={step <= score ? "wb-star-on" : "wb-star-off"} />
      ))}
    </span>
  );
}

function Words({ review, text, aspect, inFollowUp }: { review: Review; text: string; aspect: string | undefined; inFollowUp: boolean }) {
  return (
    <p>
      {piecesOf(text, review.spans, aspect, inFollowUp).map((piece, place) =>
        piece.polarity === 0 ? (
          piece.text
        ) : (
          <mark key={place} className={piece.polarity > 0 ? "wb-said-good" : "wb-said-bad"}>
            {piece.text}
          </mark>
        ),
      )}
    </p>
  );
}

function Pictures({ urls }: { urls: string[] }) {
  if (urls.length === 0) return null;
  return (
    <div className="wb-review-pictures">
      {urls.map((url) => (
        <a key={url} href={url} target="_blank" rel="noreferrer">
          <Thumb url={url} size={64} />
        </a>
      ))}
    </div>
  );
}
