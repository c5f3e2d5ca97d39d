import type { FlashPrice, FullReduction } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { Price } from "../kit/basics";
import { Icon } from "../kit/Icon";
import { Sheet } from "../kit/Sheet";
import { ClaimList } from "./ClaimList";
import { Countdown } from "./Countdown";
import { useCouponWords } from "./couponWords";
import "./programmes.css";
import { useProductProgrammes } from "./queries";
import { QueuePanel } from "./QueuePanel";

/** The flash price of a product while it lasts, with what is left of time and units. */
export function FlashBanner({ productId }: { productId: number }) {
  const { t } = useTranslation();
  const programmes = useProductProgrammes(productId);
  const flash = programmes.data?.flash.find((price) => price.left > 0);
  if (!flash) return null;
  return (
    <section className="flash-banner" data-testid="flash-banner" aria-label={t("programmes.flash")}>
      <span className="flash-mark">
        <Icon name="flame" size={18} /> {t("programmes.flash")}
      </span>
      <Price money={flash.price} size="lg" />
      <span className="flash-facts">
        <Countdown endsAt={flash.ends_at} onOver={() => void programmes.refetch()} />
        <small>
          {t("programmes.left", { count: flash.left })} · {t("programmes.limit", { count: flash.limit_per_person })}
        </small>
      </span>
      {flash.admission ? <QueuePanel saleId={flash.sale_id} /> : null}
    </section>
  );
}

/** A row of what lowers the price, that opens to claim. */
export function ProgrammeRow({ productId }: { productId: number }) {
  const { t } = useTranslation();
  const words = useCouponWords();
  const reductions = useReductionWords();
  const [open, setOpen] = useState(false);
  const programmes = useProductProgrammes(productId);
  const { coupons = [], full_reductions: full = [] } = programmes.data ?? {};
  if (coupons.length === 0 && full.length === 0) return null;
  return (
    <>
      <button type="button" className="line-row" onClick={() => setOpen(true)} data-testid="programme-row">
        <span className="line-label">{t("programmes.discounts")}</span>
        <span className="line-value programme-chips">
          {full.map((offer) => (
            <i key={offer.id} className="programme-chip">
              {reductions(offer)}
            </i>
          ))}
          {coupons.slice(0, 3).map((coupon) => (
            <i key={coupon.id} className="programme-chip">
              {words.whole(coupon)}
            </i>
          ))}
        </span>
        <Icon name="forward" size={16} />
      </button>
      {open ? (
        <Sheet title={t("programmes.discounts")} onClose={() => setOpen(false)} testId="programme-sheet">
          {full.map((offer) => (
            <p key={offer.id} className="programme-line">
              <i className="programme-chip">{t("programmes.full_reduction")}</i> {reductions(offer)}
            </p>
          ))}
          <ClaimList coupons={coupons} />
        </Sheet>
      ) : null}
    </>
  );
}

/** The flash price of a SKU, for the option picker. */
export function useSkuFlash(productId: number, skuId: number | null): FlashPrice | null {
  const programmes = useProductProgrammes(productId);
  return programmes.data?.flash.find((price) => price.sku_id === skuId && price.left > 0) ?? null;
}

function useReductionWords() {
  const { t } = useTranslation();
  const format = useFormat();
  return (offer: FullReduction) =>
    offer.steps.map((step) => t("programmes.step", { from: format.money(step.threshold), off: format.money(step.reduction) })).join(t("programmes.and"));
}
