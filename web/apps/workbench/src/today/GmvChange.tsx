import { useFormat, useTranslation } from "@xingqu/i18n";
import { Segmented, Skeleton } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { ErrorView } from "../app/ErrorView";
import { useShop } from "../app/session";
import { Definition } from "./Definition";
import { type FactorRow, factorRows, mainFactor, whyNot } from "./change";
import { useGmvChange } from "./queries";
import "./today.css";

const PERIODS = ["today", "7d", "30d"] as const;

/** GMV against the period before, and how much of the change came from visitors, conversion, orders per buyer and value per order. */
export function GmvChange() {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const [period, setPeriod] = useState<(typeof PERIODS)[number]>("today");
  const found = useGmvChange(shop.id, period);
  const told = found.data;
  const signed = (amount_minor: number) => `${amount_minor > 0 ? "+" : ""}${format.money({ amount_minor, currency: told?.change.currency ?? "CNY" })}`;
  const main = told ? mainFactor(told.factors, told.change.amount_minor) : null;
  const why = told ? whyNot(told) : null;
  return (
    <section className="wb-panel wb-gmv" aria-labelledby="gmv-title" data-testid="gmv-change">
      <header className="wb-gmv-head">
        <h2 id="gmv-title">
          {t("today.change.title")} <Definition code="moved" />
        </h2>
        <Segmented size="small" value={period} onChange={setPeriod} aria-label={t("today.change.period")} options={PERIODS.map((value) => ({ value, label: t(`today.change.periods.${value}`) }))} />
      </header>
      {found.isPending && <Skeleton active paragraph={{ rows: 4 }} />}
      {found.isError && <ErrorView error={found.error} onRetry={() => void found.refetch()} />}
      {told && (
        <>
          <p className="wb-gmv-sum">
            <Link className="wb-figure-value wb-number" to={`/shops/${shop.id}/orders?from=${told.now.since.slice(0, 10)}`}>
              {format.money(told.now.gmv)}
            </Link>
            <span className={told.change.amount_minor < 0 ? "wb-gmv-down wb-number" : "wb-gmv-up wb-number"} data-testid="gmv-moved">
              {signed(told.change.amount_minor)}
            </span>
            <small className="wb-muted">{t("today.change.before", { amount: format.money(told.before.gmv), from: format.dateTime(told.before.since), until: format.dateTime(told.before.until) })}</small>
          </p>
          {why && <p className="wb-muted">{t(`today.change.${why}`)}</p>}
          {main && <p>{t(told.change.amount_minor > 0 ? "today.change.main_up" : "today.change.main_down", { factor: t(`today.figure.${main.code}`), amount: signed(main.moved_minor ?? 0) })}</p>}
          <ul className="wb-plain-list wb-gmv-factors">
            {factorRows(told.factors).map((row) => (
              <FactorLine key={row.code} row={row} moved={row.moved_minor === null ? null : signed(row.moved_minor)} currency={told.change.currency} />
            ))}
          </ul>
          {told.now.visitors === null || told.before.visitors === null ? (
            <small className="wb-muted">{told.visits_counted_from ? t("today.change.visits_from", { time: format.dateTime(told.visits_counted_from) }) : t("today.change.no_visits")}</small>
          ) : null}
        </>
      )}
    </section>
  );
}

function FactorLine({ row, moved, currency }: { row: FactorRow; moved: string | null; currency: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = (value: number | null) => {
    if (value === null) return "—";
    if (row.code === "conversion") return format.percent(value, 2);
    if (row.code === "order_value") return format.money({ amount_minor: Math.round(value), currency });
    return format.number(row.code === "orders_per_buyer" ? Math.round(value * 100) / 100 : value);
  };
  return (
    <li className="wb-gmv-factor" data-testid={`factor-${row.code}`}>
      <span className="wb-figure-name">
        {t(`today.figure.${row.code}`)}
        <Definition code={row.code} />
      </span>
      <span className="wb-number">
        {words(row.before)} → <strong>{words(row.now)}</strong>
        {row.ratio !== null && <small className="wb-muted"> {`${row.ratio > 0 ? "+" : ""}${format.percent(row.ratio)}`}</small>}
      </span>
      <span className="wb-gmv-bar" aria-hidden>
        <span className={`wb-gmv-${row.way}`} style={{ width: `${row.length * 100}%` }} />
      </span>
      <span className={`wb-number wb-gmv-${row.way}`}>{moved ?? "—"}</span>
    </li>
  );
}
