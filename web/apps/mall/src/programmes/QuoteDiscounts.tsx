import type { CouponOption, Quote, QuoteDiscount, QuoteHint } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { Link, useLocation } from "react-router";
import { Icon } from "../kit/Icon";
import { Sheet } from "../kit/Sheet";
import { Ticket } from "./Ticket";
import "./programmes.css";

const REASONS = new Set(["threshold", "new_customer_only", "flash_only", "currency", "nothing_left"]);

/** The discounts of a shop (or the platform's), each with its name and what it takes off. */
export function DiscountLines({ discounts }: { discounts: QuoteDiscount[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      {discounts.map((discount) => (
        <div key={`${discount.kind} ${discount.name}`} className="line-row discount-row" data-testid={`discount-${discount.kind}`}>
          <span className="line-label">{t(`programmes.kind.${discount.kind}`)}</span>
          <span className="line-value right">
            {discount.name} {discount.sets && discount.sets > 1 ? `×${discount.sets} ` : ""}<b className="discount-sum">-{format.money(discount.amount)}</b>
          </span>
        </div>
      ))}
    </>
  );
}

interface CouponRowProps {
  options: CouponOption[];
  label: string;
  onPick: (claimedId: number | null) => void;
}

/** Which coupon is used, and a sheet to use another or none. */
export function CouponRow({ options, label, onPick }: CouponRowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [open, setOpen] = useState(false);
  if (options.length === 0) return null;
  const used = options.find((option) => option.used);
  const usable = options.filter((option) => !option.reason).length;
  const pick = (claimedId: number | null) => {
    setOpen(false);
    onPick(claimedId);
  };
  return (
    <>
      <button type="button" className="line-row" onClick={() => setOpen(true)} data-testid="coupon-row">
        <span className="line-label">{label}</span>
        <span className="line-value right">{used ? <b className="discount-sum">-{format.money(used.saves)}</b> : usable > 0 ? t("programmes.usable", { count: usable }) : t("programmes.none_usable")}</span>
        <Icon name="forward" size={16} />
      </button>
      {open ? (
        <Sheet
          title={label}
          onClose={() => setOpen(false)}
          testId="coupon-sheet"
          footer={
            <button type="button" className="button button-quiet button-wide" onClick={() => pick(null)} data-testid="coupon-none">
              {t("programmes.use_none")}
            </button>
          }
        >
          <ul className="tickets">
            {options.map((option) => (
              <li key={option.claimed_id}>
                <Choice option={option} onPick={() => pick(option.claimed_id)} />
              </li>
            ))}
          </ul>
        </Sheet>
      ) : null}
    </>
  );
}

function Choice({ option, onPick }: { option: CouponOption; onPick: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = option.reason && REASONS.has(option.reason) ? option.reason : null;
  return (
    <Ticket
      coupon={option}
      issuer={reason ? t(`programmes.why_not.${reason}`, { sum: format.money(option.missing) }) : t("programmes.saves", { sum: format.money(option.saves) })}
      facts={t("programmes.valid_until", { date: format.dateTime(option.valid_until) })}
      dim={reason !== null}
      side={
        option.used ? (
          <span className="discount-sum">
            <Icon name="check" size={18} /> {t("programmes.in_use")}
          </span>
        ) : reason ? null : (
          <button type="button" className="button button-small" onClick={onPick} data-testid="coupon-choose">
            {t("programmes.choose")}
          </button>
        )
      }
    />
  );
}

/** What would lower the price: said in words, with a way to it. */
export function Hints({ quote }: { quote: Quote }) {
  if (quote.hints.length === 0) return null;
  return (
    <ul className="hints" data-testid="quote-hints">
      {quote.hints.map((hint, at) => (
        <li key={`${hint.code}-${at}`} className="note">
          <HintText hint={hint} quote={quote} />
        </li>
      ))}
    </ul>
  );
}

function HintText({ hint, quote }: { hint: QuoteHint; quote: Quote }) {
  const { t } = useTranslation();
  const format = useFormat();
  const here = useLocation();
  const data = hint.data as { sku_id?: number; most?: number; shop_id?: number; missing?: { amount_minor: number; currency: string }; reduction?: { amount_minor: number; currency: string } };
  const line = quote.shops.flatMap((shop) => shop.lines).find((one) => one.sku_id === data.sku_id);
  const shop = quote.shops.find((one) => one.shop.id === data.shop_id);
  if (hint.code === "sign_in") return <Link to={`/sign-in?next=${encodeURIComponent(here.pathname + here.search)}`}>{t("programmes.hint.sign_in")}</Link>;
  if (hint.code === "full_reduction_next" && data.missing && data.reduction)
    return <>{t("programmes.hint.full_reduction_next", { shop: shop ? format.named(shop.shop) : "", missing: format.money(data.missing), off: format.money(data.reduction) })}</>;
  if (hint.code === "flash_limit") return <>{t("programmes.hint.flash_limit", { name: line?.name ?? "", count: data.most ?? 0 })}</>;
  if (hint.code === "room_price_limit") return <>{t("programmes.hint.room_price_limit", { name: line?.name ?? "", count: data.most ?? 0 })}</>;
  if (hint.code === "room_price_gone" || hint.code === "room_price_over") return <>{t(`programmes.hint.${hint.code}`, { name: line?.name ?? "" })}</>;
  return <>{t("programmes.hint.flash_gone", { name: line?.name ?? "" })}</>;
}
