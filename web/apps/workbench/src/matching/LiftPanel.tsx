import { useFormat, useTranslation } from "@xingqu/i18n";
import { Skeleton, Tag } from "antd";
import { ErrorView } from "../app/ErrorView";
import { rateText } from "../alliance/rates";
import { useLift } from "./queries";
import { percent, verdict } from "./words";

const COLOURS = { unknown: "default", more: "success", less: "error", open: "default" } as const;

/** What recommending pools brought, by what was held out by lot. */
export function LiftPanel({ shopId }: { shopId: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const report = useLift(shopId);
  if (report.isPending) return <Skeleton active paragraph={{ rows: 5 }} />;
  if (report.isError) return <ErrorView error={report.error} onRetry={() => void report.refetch()} />;
  const { data } = report;
  const money = (amount_minor: number) => format.money({ amount_minor: Math.round(amount_minor), currency: "CNY" });
  const said = verdict(data.rate_difference.low, data.rate_difference.high);
  const points = (value: number | null) => ((value ?? 0) * 100).toFixed(1);
  return (
    <section className="wb-panel" data-testid="lift">
      <p className="wb-muted">{t("matching.lift_note", { share: rateText(data.held_out_bp), days: data.outcome_days, window: data.days })}</p>
      {(["shown", "held_out"] as const).map((arm) => (
        <p key={arm}>
          <strong>{t(`matching.arm.${arm}`)}</strong> · {t("matching.pairs", { count: data[arm].pairs })} · {t("matching.sales", { orders: data[arm].orders, amount: money(data[arm].amount_minor) })}
          {data[arm].rate !== null && data[arm].low !== null && data[arm].high !== null && (
            <>
              <br />
              {t("matching.rate")}: <span className="wb-number">{t("matching.interval", { value: percent(data[arm].rate), low: percent(data[arm].low), high: percent(data[arm].high) })}</span>
            </>
          )}
        </p>
      ))}
      <p>
        <Tag color={COLOURS[said]}>{t(`matching.verdict.${said}`)}</Tag>
        {said !== "unknown" && t("matching.rate_difference", { value: points(data.rate_difference.value), low: points(data.rate_difference.low), high: points(data.rate_difference.high) })}
      </p>
      {data.amount_difference.value !== null && <p>{t("matching.amount_difference", { value: money(data.amount_difference.value), low: money(data.amount_difference.low ?? 0), high: money(data.amount_difference.high ?? 0) })}</p>}
      {data.waiting > 0 && <p className="wb-muted">{t("matching.waiting", { count: data.waiting })}</p>}
    </section>
  );
}
