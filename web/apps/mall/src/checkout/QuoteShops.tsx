import type { Quote, QuoteLine, QuoteProblem } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Avatar, Picture, Price } from "../kit/basics";
import { Countdown } from "../programmes/Countdown";
import { CouponRow, DiscountLines } from "../programmes/QuoteDiscounts";
import { excessText } from "../product/limit";
import { withCoupon } from "./coupons";

/** The items by shop, with freight, a note for each shop, and what stands in the way. */
export function QuoteShops({ quote, notes, onNote, onCoupons }: { quote: Quote; notes: Record<string, string>; onNote: (shopId: string, text: string) => void; onCoupons: (couponIds: number[]) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const problems = new Map(quote.problems.map((problem) => [problem.sku_id, problem]));
  return (
    <>
      {quote.shops.map((group) => (
        <section key={group.shop.id} className="card quote-shop">
          <h2>
            <Avatar url={group.shop.avatar_url} name={group.shop.name} size={22} /> {format.named(group.shop)}
          </h2>
          <ul>
            {group.lines.map((line) => {
              const problem = problems.get(line.sku_id);
              return (
                <li key={line.sku_id} className="quote-line">
                  <Picture url={line.picture_url} alt="" className="line-picture" />
                  <div>
                    <p className="cart-line-name">{line.name}</p>
                    {line.option_text ? <span className="option-text">{line.option_text}</span> : null}
                    {line.flash_ends_at ? (
                      <small className="discount-sum">
                        {t(line.price_kind === "room_price" ? "programmes.room_price" : line.price_kind === "prize" ? "programmes.prize" : "programmes.flash")}{" "}
                        {line.price_kind === "room_price" ? null : <Countdown endsAt={line.flash_ends_at} />}
                      </small>
                    ) : null}
                    {problem ? <p className="note note-bad">{problemText(t, problem, line)}</p> : null}
                  </div>
                  <div className="quote-price">
                    <Price money={line.unit_price} size="sm" was={line.usual_price} />
                    <span className="muted">×{line.quantity}</span>
                  </div>
                </li>
              );
            })}
          </ul>
          <DiscountLines discounts={group.discounts.filter((discount) => discount.kind === "full_reduction" || discount.kind === "bundle")} />
          <CouponRow options={group.coupons} label={t("programmes.kind.shop_coupon")} onPick={(id) => onCoupons(withCoupon(quote, group.shop.id, id))} />
          <div className="line-row">
            <span className="line-label">{t("checkout.freight")}</span>
            <span className="line-value right">{group.freight.amount_minor === 0 ? t("checkout.free") : format.money(group.freight)}</span>
          </div>
          <label className="line-row note-row">
            <span className="line-label">{t("checkout.note")}</span>
            <input
              value={notes[group.shop.id] ?? ""}
              maxLength={120}
              placeholder={t("checkout.note_hint")}
              onChange={(event) => onNote(String(group.shop.id), event.target.value)}
            />
          </label>
          <p className="shop-total">
            {t("checkout.shop_total")} <Price money={group.total} size="md" />
          </p>
        </section>
      ))}
    </>
  );
}

function problemText(t: (key: string, options?: Record<string, unknown>) => string, problem: QuoteProblem, line: QuoteLine): string {
  switch (problem.code) {
    case "sold_out":
      return line.available > 0 ? t("checkout.problem.not_enough", { count: line.available }) : t("checkout.problem.sold_out");
    case "not_deliverable":
      return `${t("checkout.problem.not_deliverable")} ${String(problem.data.reason ?? "")}`;
    case "purchase_limit":
      return excessText(t, problem);
    default:
      return t("checkout.problem.not_on_sale");
  }
}
