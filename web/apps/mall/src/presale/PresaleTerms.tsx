import type { OrderDetail } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useReport } from "../kit/useReport";
import { useFinalCoupons } from "./queries";

/** What of a presale order is paid and what is not, and the coupons of the rest while it can be paid. */
export function PresaleTerms({ order, presale }: { order: OrderDetail; presale: NonNullable<OrderDetail["presale"]> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const report = useReport();
  const choose = useFinalCoupons(order.order_no);
  const isOpen = order.state === "part_paid" && order.can.includes("pay");
  const pick = (couponIds: number[] | null) => choose.mutate(couponIds, { onError: report });
  return (
    <section className="card" data-testid="presale-terms">
      <dl className="sum">
        <div>
          <dt>{t(presale.deposit_paid ? "presale.paid_deposit" : "presale.to_pay_deposit")}</dt>
          <dd>{format.money(presale.deposit, true)}</dd>
        </div>
        <div>
          <dt>{t("presale.final_time", { from: format.dateTime(presale.final_from), until: format.dateTime(presale.final_until) })}</dt>
          <dd>{format.money(presale.final, true)}</dd>
        </div>
      </dl>
      {presale.ended ? <p className="note">{t(`presale.ended.${presale.ended}`)}</p> : <p className="muted">{t(presale.forfeits ? "presale.forfeits" : "presale.returns")}</p>}
      {isOpen ? (
        <div className="buy-bar" role="group" aria-label={t("presale.coupon")}>
          <button type="button" className="button button-small button-quiet" disabled={choose.isPending} onClick={() => pick([])}>
            {t("presale.use_none")}
          </button>
          <button type="button" className="button button-small button-second" disabled={choose.isPending} onClick={() => pick(null)} data-testid="final-best">
            {t("presale.use_best")}
          </button>
          {choose.data?.coupons
            .filter((coupon) => coupon.reason === null)
            .map((coupon) => (
              <button key={coupon.claimed_id} type="button" className="button button-small" aria-pressed={coupon.used} disabled={choose.isPending} onClick={() => pick([coupon.claimed_id])}>
                {coupon.name} -{format.money(coupon.saves)}
              </button>
            ))}
        </div>
      ) : null}
    </section>
  );
}
