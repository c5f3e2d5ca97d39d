import { QuestionCircleOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Drawer, Popover, Progress, Skeleton } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import { get } from "../api/http";
import type { Experience, ExperienceRows } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { useShop } from "../app/session";
import { valueWords, whereRow } from "./where";

type Part = Experience["parts"][number];
type Indicator = Part["indicators"][number];

/** A part of the score: its indicators, each with its definition, its numbers and the rows behind them. */
export function PartCard({ part, score }: { part: Part; score: Experience }) {
  const { t } = useTranslation();
  const { rules, peers } = score;
  const weights = rules.goods_weight + rules.logistics_weight + rules.service_weight;
  const quartiles = peers?.[part.name];
  return (
    <section className="wb-panel wb-part" aria-labelledby={`part-${part.name}`} data-testid={`part-${part.name}`}>
      <div className="wb-row-between">
        <h2 id={`part-${part.name}`}>{t(`diagnosis.part.${part.name}`)}</h2>
        <small className="wb-muted">{t("diagnosis.weight", { percent: Math.round((100 * rules[`${part.name}_weight`]) / weights) })}</small>
      </div>
      {part.points !== null && <p className="wb-part-points">{part.points.toFixed(1)}</p>}
      {part.points !== null && quartiles && <small className="wb-muted">{t("diagnosis.peer_line", { low: quartiles[0], median: quartiles[1], high: quartiles[2] })}</small>}
      {part.indicators.map((indicator) => (
        <IndicatorRow key={indicator.name} indicator={indicator} rules={rules} />
      ))}
    </section>
  );
}

function IndicatorRow({ indicator, rules }: { indicator: Indicator; rules: Experience["rules"] }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const rule = rules.indicators[indicator.name];
  const name = t(`diagnosis.indicator.${indicator.name}`);
  return (
    <div className="wb-indicator" data-testid={`indicator-${indicator.name}`}>
      <div className="wb-row-between">
        <span>
          {name}{" "}
          <Popover
            content={
              <div className="wb-definition">
                <p>{t(`diagnosis.define.${indicator.name}`)}</p>
                {rule && <p className="wb-muted">{t("diagnosis.formula", { prior: valueWords(indicator.name, rule.prior), prior_count: rule.prior_count, floor: valueWords(indicator.name, rule.floor), target: valueWords(indicator.name, rule.target) })}</p>}
              </div>
            }
          >
            <Button type="text" size="small" icon={<QuestionCircleOutlined />} aria-label={`${name} ${t("diagnosis.define_label")}`} />
          </Popover>
        </span>
        <strong>{indicator.value === null ? "–" : valueWords(indicator.name, indicator.value)}</strong>
      </div>
      <Progress percent={indicator.points} size="small" showInfo={false} aria-label={t("diagnosis.points", { points: indicator.points })} />
      <small className="wb-muted">
        {indicator.count === 0 ? t("diagnosis.nothing") : t("diagnosis.counted", { total: indicator.total, count: indicator.count })} · {t("diagnosis.points", { points: indicator.points })} · {t("diagnosis.loss", { loss: indicator.loss })}
        {indicator.count > 0 && (
          <Button type="link" size="small" onClick={() => setOpen(true)} data-testid={`rows-${indicator.name}`}>
            {t("diagnosis.rows")}
          </Button>
        )}
      </small>
      {open && <Rows indicator={indicator.name} title={t("diagnosis.rows_title", { name })} onClose={() => setOpen(false)} />}
    </div>
  );
}

function Rows({ indicator, title, onClose }: { indicator: string; title: string; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const rows = useQuery({ queryKey: ["experience-rows", shop.id, indicator], queryFn: ({ signal }) => get<ExperienceRows>(`/shops/${shop.id}/experience/rows`, { indicator }, signal) });
  return (
    <Drawer open title={title} onClose={onClose}>
      {rows.isPending && <Skeleton active />}
      {rows.isError && <ErrorView error={rows.error} onRetry={() => void rows.refetch()} />}
      {rows.data?.items.length === 0 && <p className="wb-muted">{t("diagnosis.rows_none")}</p>}
      {rows.data && rows.data.items.length > 0 && <p className="wb-muted">{t("diagnosis.rows_more")}</p>}
      <ul className="wb-plain-list">
        {rows.data?.items.map((row) => (
          <li key={`${row.kind}${row.reference}${row.at}`} className="wb-row-between">
            <Link to={`/shops/${shop.id}/${whereRow(row)}`}>
              {t(`diagnosis.kind.${row.kind}`)} {row.reference} {row.value !== null && t("diagnosis.stars", { count: row.value })}
            </Link>
            <small className="wb-muted">{format.dateTime(row.at)}</small>
          </li>
        ))}
      </ul>
    </Drawer>
  );
}
