import { useQuery } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Drawer, Popover, Progress, Skeleton, Tag } from "antd";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { useShop } from "../app/session";
import { LineChart } from "../charts/LineChart";
import { profileQuery } from "../creator-home/queries";
import { Formula } from "./Formula";
import { type Reputation, useBehind, useReputation } from "./queries";
import { share, shown, tips } from "./tips";

type Indicator = Reputation["parts"][number]["indicators"][number];

/** What a creator's score, level and credit are made of, and how to raise them. */
export default function ReputationPage() {
  const { t } = useTranslation();
  const shop = useShop();
  const profile = useQuery(profileQuery(shop.id));
  const found = useReputation(profile.data?.id);
  const [open, setOpen] = useState<Indicator | null>(null);
  if (profile.isError) return <ErrorView error={profile.error} onRetry={() => void profile.refetch()} />;
  if (found.isError) return <ErrorView error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data || !profile.data) return <Skeleton active paragraph={{ rows: 10 }} className="wb-page" />;
  const { rules } = found.data;
  return (
    <div className="wb-page">
      <PageHead title={t("reputation.title")} note={<span className="wb-muted">{t("reputation.note", { days: rules.window_days })}</span>} />
      <div className="wb-sums">
        <Score found={found.data} />
        <Next found={found.data} />
      </div>
      <Tips found={found.data} onOpen={setOpen} />
      <div className="wb-sums">
        {found.data.parts.map((part) => (
          <section key={part.name} className="wb-panel" data-testid={`reputation-${part.name}`}>
            <div className="wb-row-between">
              <h2>{t(`reputation.part.${part.name}`)}</h2>
              <small className="wb-muted">{t("reputation.weight", { percent: Math.round(100 * weight(rules, part.name)) })}</small>
            </div>
            {part.indicators.map((one) => (
              <Row key={one.name} one={one} serious={rules.serious_weight} onOpen={() => setOpen(one)} />
            ))}
          </section>
        ))}
      </div>
      <Trend history={found.data.history} />
      <Formula rules={rules} />
      {open && <Behind creatorId={profile.data.id} indicator={open.name} onClose={() => setOpen(null)} />}
    </div>
  );
}

function weight(rules: Reputation["rules"], part: Reputation["parts"][number]["name"]): number {
  return rules[`${part}_weight`] / (rules.goods_weight + rules.aftersale_weight + rules.content_weight + rules.fulfilment_weight);
}

function Score({ found }: { found: Reputation }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { rules } = found;
  return (
    <section className="wb-panel" data-testid="reputation-score">
      <h2>
        {t("reputation.score")} <Tag color="gold">{t("reputation.level_name", { level: found.level })}</Tag>
      </h2>
      <p className="wb-figure-value wb-number">{found.score === null ? t("reputation.no_score") : found.score.toFixed(1)}</p>
      {found.score === null && <p>{t("reputation.no_score_help", { min: rules.min_orders, orders: found.orders })}</p>}
      {found.day && <small className="wb-muted">{t("reputation.of_day", { day: format.date(found.day) })}</small>}
      <p>
        {t("reputation.credit")} <strong className="wb-number">{found.credit}</strong>
        <br />
        <small className="wb-muted">{t("reputation.credit_help", { days: rules.credit_days, sample: rules.sample_breach_points, broken: rules.collaboration_broken_points, general: rules.general_points, serious: rules.serious_points })}</small>
      </p>
    </section>
  );
}

function Next({ found }: { found: Reputation }) {
  const { t } = useTranslation();
  const format = useFormat();
  const next = found.next_level;
  const money = (amount_minor: number) => format.money({ amount_minor, currency: "CNY" });
  if (!next) return <section className="wb-panel">{t("reputation.top")}</section>;
  const lines = [
    { key: "gmv", name: t("reputation.gmv", { days: found.rules.gmv_days }), has: found.gmv_minor, asked: next.min_gmv_minor, words: (value: number) => money(value) },
    { key: "followers", name: t("reputation.followers"), has: found.followers, asked: next.min_followers, words: (value: number) => format.number(value) },
    { key: "score", name: t("reputation.score"), has: found.score ?? 0, asked: next.min_score, words: (value: number) => String(value) },
  ].filter((line) => line.asked > 0);
  return (
    <section className="wb-panel" data-testid="reputation-next">
      <h2>{t("reputation.next", { level: found.level + 1 })}</h2>
      {lines.map((line) => (
        <div key={line.key}>
          {line.name}: {line.words(line.has)} / {line.words(line.asked)}
          <Progress percent={share(line.has, line.asked)} size="small" aria-label={line.name} />
        </div>
      ))}
    </section>
  );
}

function Tips({ found, onOpen }: { found: Reputation; onOpen: (one: Indicator) => void }) {
  const { t } = useTranslation();
  const rows = tips(found.parts, found.rules);
  return (
    <section className="wb-panel wb-section" data-testid="reputation-tips">
      <h2>{t("reputation.improve")}</h2>
      {rows.length === 0 && <p className="wb-muted">{t("reputation.improve_none")}</p>}
      <ul className="wb-plain-list">
        {rows.map((one) => (
          <li key={one.name}>
            <Tag color="volcano">{t("reputation.loss", { loss: one.loss })}</Tag> <strong>{t(`reputation.indicator.${one.name}`)}</strong> {t(`reputation.tip.${one.name}`)}{" "}
            <Button type="link" size="small" onClick={() => onOpen(one)}>
              {t("reputation.rows")}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Row({ one, serious, onOpen }: { one: Indicator; serious: number; onOpen: () => void }) {
  const { t } = useTranslation();
  const name = t(`reputation.indicator.${one.name}`);
  return (
    <div data-testid={`indicator-${one.name}`}>
      <div className="wb-row-between">
        <Popover content={<div className="wb-popover">{t(`reputation.define.${one.name}`, { serious })}</div>} trigger={["hover", "click"]}>
          <Button type="text" size="small">
            {name}
          </Button>
        </Popover>
        <strong>{one.value === null ? "–" : shown(one.name, one.value)}</strong>
      </div>
      <Progress percent={one.points} size="small" showInfo={false} aria-label={name} />
      <small className="wb-muted">
        {one.count === 0 ? t("reputation.nothing") : t(one.name.endsWith("_stars") ? "reputation.rated" : "reputation.counted", { total: one.total, count: one.count })} · {t("reputation.loss", { loss: one.loss })}
        {one.count > 0 && (
          <Button type="link" size="small" onClick={onOpen}>
            {t("reputation.rows")}
          </Button>
        )}
      </small>
    </div>
  );
}

function Trend({ history }: { history: Reputation["history"] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const days = history.filter((day) => day.score !== null);
  if (days.length < 2) return null;
  return (
    <section className="wb-panel wb-section">
      <LineChart
        title={t("reputation.trend")}
        nameX={t("reputation.day")}
        formatX={(x) => format.date(new Date(x).toISOString())}
        formatY={(y) => String(Math.round(y))}
        series={[{ name: t("reputation.score"), dashed: false, points: days.map((day) => ({ x: Date.parse(day.day), y: day.score ?? 0 })) }]}
      />
    </section>
  );
}

function Behind({ creatorId, indicator, onClose }: { creatorId: number; indicator: string; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const rows = useBehind(creatorId, indicator);
  return (
    <Drawer open title={t(`reputation.indicator.${indicator}`)} onClose={onClose}>
      {rows.isPending && <Skeleton active />}
      {rows.isError && <ErrorView error={rows.error} onRetry={() => void rows.refetch()} />}
      {rows.data?.items.length === 0 && <p className="wb-muted">{t("reputation.rows_none")}</p>}
      <ul className="wb-plain-list">
        {rows.data?.items.map((row) => (
          <li key={`${row.kind}${row.reference}${row.at}`} className="wb-row-between">
            <span>
              {t(`reputation.kind.${row.kind}`)} {row.reference} {row.value !== null && t("reputation.stars", { count: row.value })}
            </span>
            <small className="wb-muted">{format.dateTime(row.at)}</small>
          </li>
        ))}
      </ul>
    </Drawer>
  );
}
