import type { OrderDetail } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { type FormEvent, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { Picture, StarPicker } from "../kit/basics";
import { EmptyState, ErrorState, SkeletonRows } from "../kit/states";
import { showToast } from "../kit/toast";
import { useReport } from "../kit/useReport";
import { PageHead } from "../shell/PageHead";
import { useTitle } from "../shell/useTitle";
import "./orders.css";
import { type ReviewLine, useOrder, useSubmitReview } from "./queries";
import { ReviewPictures } from "./ReviewPictures";

const ASPECTS = ["goods_score", "service_score", "logistics_score"] as const;
const MAX_TEXT = 500;

export function ReviewPage() {
  const { t } = useTranslation();
  const orderNo = useParams().orderNo ?? "";
  const order = useOrder(orderNo);
  useTitle(t("review.write"));
  return (
    <main className="page page-review">
      <PageHead title={t("review.write")} />
      {order.isPending ? <SkeletonRows count={2} className="skeleton-block" /> : null}
      {order.isError ? <ErrorState error={order.error} onRetry={() => void order.refetch()} /> : null}
      {order.data && order.data.can.includes("review") ? <ReviewForm order={order.data} /> : null}
      {order.data && !order.data.can.includes("review") ? <EmptyState icon="star" title={t("review.cannot")} /> : null}
    </main>
  );
}

function ReviewForm({ order }: { order: OrderDetail }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const report = useReport();
  const send = useSubmitReview(order.order_no);
  const [lines, setLines] = useState<ReviewLine[]>(() =>
    order.lines.map((line) => ({ sku_id: line.sku_id, goods_score: 5, service_score: 5, logistics_score: 5, text: "", picture_ids: [] })),
  );
  const [busy, setBusy] = useState<Record<number, boolean>>({});
  const [anonymous, setAnonymous] = useState(false);
  const change = (skuId: number, changes: Partial<ReviewLine>) => setLines((now) => now.map((line) => (line.sku_id === skuId ? { ...line, ...changes } : line)));
  const uploading = Object.values(busy).some(Boolean);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate(
      { lines: lines.map((line) => ({ ...line, text: line.text.trim() })), anonymous },
      {
        onSuccess: () => {
          showToast(t("review.thanks"));
          navigate("/orders?tab=done", { replace: true });
        },
        onError: report,
      },
    );
  };
  return (
    <form onSubmit={onSubmit}>
      {order.lines.map((line) => {
        const review = lines.find((one) => one.sku_id === line.sku_id)!;
        return (
          <section key={line.sku_id} className="card review-line">
            <header className="order-line">
              <Picture url={line.picture_url} alt="" className="line-picture" />
              <span className="order-line-text">
                <span className="cart-line-name">{line.name}</span>
                {line.option_text ? <span className="option-text">{line.option_text}</span> : null}
              </span>
            </header>
            {ASPECTS.map((aspect) => (
              <StarPicker key={aspect} label={t(`review.${aspect}`)} value={review[aspect]} onChange={(score) => change(line.sku_id, { [aspect]: score })} />
            ))}
            <label className="field">
              <span className="visually-hidden">{t("review.text")}</span>
              <textarea rows={4} maxLength={MAX_TEXT} placeholder={t("review.text_hint")} value={review.text} onChange={(event) => change(line.sku_id, { text: event.target.value })} data-testid="review-text" />
              <span className="field-hint">
                {review.text.length}/{MAX_TEXT}
              </span>
            </label>
            <ReviewPictures
              orderNo={order.order_no}
              onChange={(picture_ids, onTheirWay) => {
                change(line.sku_id, { picture_ids });
                setBusy((now) => ({ ...now, [line.sku_id]: onTheirWay }));
              }}
            />
          </section>
        );
      })}
      <label className="review-anonymous">
        <input type="checkbox" checked={anonymous} onChange={(event) => setAnonymous(event.target.checked)} data-testid="review-anonymous" /> {t("review.anonymous")}
      </label>
      <div className="foot-bar">
        <button type="submit" className="button button-wide" disabled={send.isPending || uploading} data-testid="review-submit">
          {uploading ? t("review.picture_uploading") : t("review.send")}
        </button>
      </div>
    </form>
  );
}
