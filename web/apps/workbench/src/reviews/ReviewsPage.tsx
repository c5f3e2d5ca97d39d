import { StarFilled } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Input, Segmented, Skeleton } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { get, post } from "../api/http";
import type { Page, Review } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { errorText } from "../app/errors";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { Thumb } from "../products/Thumb";
import { Pager } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import type { FilterSchema } from "../table/url-filters";
import { usePages } from "../table/use-pages";
import { useUrlFilters } from "../table/use-url-filters";

const SHOWN = ["all", "unanswered", "low"] as const;

const FILTERS = { show: { type: "choice", choices: SHOWN, default: "all" } } as const satisfies FilterSchema;

const QUERY_BY_SHOWN: Record<string, Record<string, string | number>> = {
  all: {},
  unanswered: { answered: "false" },
  low: { max_score: 3 },
};

export default function ReviewsPage() {
  const { t } = useTranslation();
  const shop = useShop();
  const { values, change, reset } = useUrlFilters(FILTERS);
  const shown = values.show ?? "all";
  const pages = usePages<Review>(["reviews", shop.id, shown], (cursor, signal) =>
    get<Page<Review>>(`/shops/${shop.id}/reviews`, { ...QUERY_BY_SHOWN[shown], cursor, limit: 20 }, signal),
  );
  return (
    <div className="wb-page">
      <PageHead title={t("rooms.reviews")} />
      <div className="wb-filters">
        <Segmented
          value={shown}
          onChange={(show) => change({ show })}
          options={SHOWN.map((show) => ({ value: show, label: t(`reviews.show.${show}`) }))}
        />
      </div>
      {pages.query.isPending && <Skeleton active paragraph={{ rows: 8 }} className="wb-panel" />}
      {pages.query.isError && <ErrorView error={pages.query.error} onRetry={() => void pages.query.refetch()} />}
      {pages.query.isSuccess && pages.rows.length === 0 && (
        <div className="wb-panel">
          <EmptyList filtered={shown !== "all"} onReset={reset} title={t("reviews.empty")} help={t("reviews.empty_help")} />
        </div>
      )}
      <ul className="wb-plain-list wb-reviews">
        {pages.rows.map((review) => (
          <ReviewRow key={review.id} review={review} />
        ))}
      </ul>
      <Pager pages={pages} />
    </div>
  );
}

function Stars({ score }: { score: number }) {
  const { t } = useTranslation();
  return (
    <span className="wb-stars" role="img" aria-label={t("reviews.score", { score })}>
      {[1, 2, 3, 4, 5].map((step) => (
        <StarFilled key={step} className={step <= score ? "wb-star-on" : "wb-star-off"} />
      ))}
    </span>
  );
}

function ReviewRow({ review }: { review: Review }) {
  const format = useFormat();
  const shop = useShop();
  return (
    <li className="wb-panel wb-review" data-testid="review">
      <div className="wb-row-between">
        <span>
          <Stars score={review.score} /> <strong>{review.author_name}</strong>
        </span>
        <small className="wb-muted">{format.dateTime(review.created_at)}</small>
      </div>
      <p>{review.text}</p>
      {review.pictures.length > 0 && (
        <div className="wb-review-pictures">
          {review.pictures.map((url) => (
            <a key={url} href={url} target="_blank" rel="noreferrer">
              <Thumb url={url} size={64} />
            </a>
          ))}
        </div>
      )}
      <div className="wb-review-what">
        <Link to={`/shops/${shop.id}/products/${review.product_id}`}>{review.product_name}</Link>
        <span className="wb-muted">{review.option_text}</span>
        <Link to={`/shops/${shop.id}/orders?order=${review.order_no}`} className="wb-mono">
          {review.order_no}
        </Link>
      </div>
      <Reply review={review} />
    </li>
  );
}

/** The shop's answer, which everyone reads; it is written once. */
function Reply({ review }: { review: Review }) {
  const { t } = useTranslation();
  const shop = useShop();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  if (review.reply) {
    return (
      <blockquote className="wb-reply">
        <strong>{t("reviews.your_reply")}</strong> {review.reply.text}
      </blockquote>
    );
  }
  if (!mayEdit(shop.permissions, "reviews")) return null;
  if (!open) {
    return (
      <div>
        <Button size="small" onClick={() => setOpen(true)} data-testid="review-reply">
          {t("reviews.reply")}
        </Button>
      </div>
    );
  }
  const send = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      await post(`/shops/${shop.id}/reviews/${review.id}/reply`, { text: text.trim() });
      void message.success(t("reviews.replied"));
      await client.invalidateQueries({ queryKey: ["reviews", shop.id] });
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="wb-stack">
      <Input.TextArea
        value={text}
        maxLength={500}
        showCount
        autoSize={{ minRows: 2, maxRows: 6 }}
        placeholder={t("reviews.reply_example")}
        aria-label={t("reviews.reply")}
        onChange={(event) => setText(event.target.value)}
        data-testid="review-reply-text"
      />
      {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
      <span className="wb-row-actions">
        <Button size="small" type="primary" loading={busy} disabled={!text.trim()} onClick={() => void send()} data-testid="review-reply-send">
          {t("actions.send")}
        </Button>
        <Button size="small" onClick={() => setOpen(false)}>
          {t("actions.cancel")}
        </Button>
      </span>
    </div>
  );
}
