import { type Language, type Money, useFormat, useTranslation } from "@xingqu/i18n";

interface Terms {
  kind: "fixed" | "rate";
  threshold: Money;
  discount: Money;
  rate_bp: number;
  cap?: Money | null;
}

/** A rate as each language says it: 1000 basis points off are 9 折, or 10% off. */
export function rateOff(rateBp: number, language: Language): string {
  return String(language === "en" ? rateBp / 100 : (10_000 - rateBp) / 1000);
}

/** What a coupon gives and from which sum on, in words. */
export function useCouponWords() {
  const { t } = useTranslation();
  const format = useFormat();
  const gives = (coupon: Terms) =>
    coupon.kind === "fixed" ? t("programmes.fixed_off", { sum: format.money(coupon.discount) }) : t("programmes.rate_off", { rate: rateOff(coupon.rate_bp, format.language) });
  const condition = (coupon: Terms) => {
    const from = coupon.threshold.amount_minor > 0 ? t("programmes.from", { sum: format.money(coupon.threshold) }) : t("programmes.any_sum");
    return coupon.cap ? `${from} · ${t("programmes.cap", { sum: format.money(coupon.cap) })}` : from;
  };
  /** Both at once, as on a chip; a sum off from a sum on is said like a step of a full reduction. */
  const whole = (coupon: Terms) =>
    coupon.kind === "fixed" && coupon.threshold.amount_minor > 0
      ? t("programmes.step", { from: format.money(coupon.threshold), off: format.money(coupon.discount) })
      : `${gives(coupon)} · ${condition(coupon)}`;
  return { gives, condition, whole };
}
