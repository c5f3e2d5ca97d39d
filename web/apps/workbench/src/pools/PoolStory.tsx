import { useFormat, useTranslation } from "@xingqu/i18n";
import { Progress, Tag, Timeline } from "antd";
import type { Pool, PoolDetail, PoolStep } from "../api/types";

export const STAGE_COLOURS: Record<Pool["stage"], string> = {
  none: "default",
  entry: "blue",
  growth: "cyan",
  breakout: "purple",
  graduated: "success",
  unproven: "default",
  demoted: "warning",
};

/** In which pool a content is and why, in sentences, and the gates it passed with the numbers the gates saw. */
export function PoolStory({ detail }: { detail: PoolDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { pool, steps } = detail;
  if (!pool) return <p className="wb-muted">{t("pools.none")}</p>;
  return (
    <div data-testid="pool-story">
      <p>
        <Tag color={STAGE_COLOURS[pool.stage]} data-testid="pool-stage">
          {t(`pools.stage.${pool.stage}`)}
        </Tag>{" "}
        {t(`pools.why.${pool.why}`)}
      </p>
      <Now pool={pool} />
      <p className="wb-muted">
        {t("pools.all", { impressions: format.number(pool.impressions_all), positives: format.number(pool.positives_all) })}
      </p>
      <strong>{t("pools.steps")}</strong>
      <Timeline items={steps.map((step) => ({ key: step.at, content: <Step step={step} /> }))} style={{ marginTop: 16 }} />
    </div>
  );
}

function Now({ pool }: { pool: Pool }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (pool.stage === "graduated" || pool.stage === "unproven" || pool.stage === "demoted") return <p>{t(`pools.now.${pool.stage}`)}</p>;
  if (pool.guaranteed === null || pool.due_at === null) return null;
  const rates = {
    rate: format.percent(pool.impressions > 0 ? pool.positives / pool.impressions : 0),
    low: format.percent(pool.low),
    high: format.percent(pool.high),
    benchmark: format.percent(pool.benchmark),
    tolerated: format.percent(pool.tolerated),
  };
  const share = Math.min(100, Math.round((100 * pool.impressions) / pool.guaranteed));
  const inPool = t("pools.now.in_pool", {
    impressions: format.number(pool.impressions),
    guaranteed: format.number(pool.guaranteed),
    due: format.dateTime(pool.due_at),
  });
  return (
    <>
      <Progress percent={share} size="small" aria-label={inPool} />
      <p>{inPool}</p>
      <p>{t(pool.impressions > 0 ? "pools.now.rate" : "pools.now.rate_none", rates)}</p>
      {pool.impressions < pool.judged_from && <p className="wb-muted">{t("pools.now.judged", { count: pool.judged_from })}</p>}
    </>
  );
}

function Step({ step }: { step: PoolStep }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <div>
        {t("pools.step", { before: t(`pools.stage.${step.before}`), after: t(`pools.stage.${step.after}`) })} · {t(`pools.why.${step.why}`)}
      </div>
      <div className="wb-muted">
        {format.dateTime(step.at)}
        {step.impressions > 0 &&
          ` · ${t("pools.step_numbers", {
            impressions: format.number(step.impressions),
            positives: format.number(step.positives),
            low: format.percent(step.low),
            high: format.percent(step.high),
            benchmark: format.percent(step.benchmark),
          })}`}
      </div>
    </>
  );
}
