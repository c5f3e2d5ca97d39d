import type { Quote } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Link } from "react-router";
import { Sheet } from "../kit/Sheet";

export interface Change {
  kind: "price" | "sold_out";
  quote?: Quote;
  skus?: { sku_id: number; available?: number }[];
}

/** Prices or stock moved between looking and paying: says what, and asks. Nothing was ordered. */
export function ChangedSheet({ change, before, onAccept, onClose }: { change: Change; before: Quote; onAccept: (quote: Quote) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const lines = before.shops.flatMap((shop) => shop.lines);
  if (change.kind === "sold_out") {
    const short = lines.filter((line) => change.skus?.some((sku) => sku.sku_id === line.sku_id));
    return (
      <Sheet
        title={t("changed.sold_out_title")}
        onClose={onClose}
        testId="sold-out-sheet"
        footer={
          <div className="buy-bar">
            <Link className="button button-second" to="/cart">
              {t("product.to_cart")}
            </Link>
            <button type="button" className="button" onClick={onClose}>
              {t("changed.check_again")}
            </button>
          </div>
        }
      >
        <p>{t("changed.nothing_ordered")}</p>
        <ul className="changed-list">
          {(short.length > 0 ? short : lines).map((line) => (
            <li key={line.sku_id}>
              <b>{line.name}</b>
              <span className="muted">{t("changed.left", { count: change.skus?.find((sku) => sku.sku_id === line.sku_id)?.available ?? 0 })}</span>
            </li>
          ))}
        </ul>
      </Sheet>
    );
  }
  const quote = change.quote!;
  const now = new Map(quote.shops.flatMap((shop) => shop.lines).map((line) => [line.sku_id, line]));
  const changed = lines.filter((line) => now.get(line.sku_id)?.unit_price.amount_minor !== line.unit_price.amount_minor);
  return (
    <Sheet
      title={t("changed.price_title")}
      onClose={onClose}
      testId="price-changed-sheet"
      footer={
        <div className="buy-bar">
          <button type="button" className="button button-second" onClick={onClose}>
            {t("changed.not_now")}
          </button>
          <button type="button" className="button" onClick={() => onAccept(quote)} data-testid="accept-price">
            {t("changed.accept", { sum: format.money(quote.payable) })}
          </button>
        </div>
      }
    >
      <p>{t("changed.nothing_ordered")}</p>
      {changed.length === 0 ? <p>{t("changed.discounts")}</p> : null}
      <ul className="changed-list">
        {changed.map((line) => (
          <li key={line.sku_id}>
            <b>{line.name}</b>
            <span>
              <s className="muted">{format.money(line.unit_price)}</s> → {now.has(line.sku_id) ? format.money(now.get(line.sku_id)!.unit_price) : t("product.cannot_short")}
            </span>
          </li>
        ))}
      </ul>
      <p>
        {t("changed.sum", { before: format.money(before.payable), now: format.money(quote.payable) })}
      </p>
    </Sheet>
  );
}
