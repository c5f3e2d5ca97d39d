import { DownloadOutlined, QuestionCircleOutlined, RightOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Popover, Skeleton, Tag } from "antd";
import { Link } from "react-router";
import { apiAddress, get } from "../api/http";
import type { Diagnosis, Experience } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { useShop } from "../app/session";
import { LineChart } from "../charts/LineChart";
import { ExportButton } from "../table/ExportButton";
import { EmptyList } from "../table/EmptyList";
import "./diagnosis.css";
import { PartCard } from "./PartCard";
import { whereItWaits, whereToSolve } from "./where";

/** How the shop serves, beside its category, and what to improve first. */
export default function DiagnosisPage() {
  const { t } = useTranslation();
  const shop = useShop();
  const score = useQuery({ queryKey: ["experience", shop.id], queryFn: ({ signal }) => get<Experience>(`/shops/${shop.id}/experience`, undefined, signal) });
  const found = useQuery({ queryKey: ["diagnosis", shop.id], queryFn: ({ signal }) => get<Diagnosis>(`/shops/${shop.id}/diagnosis`, undefined, signal) });
  if (score.isPending || found.isPending) return <Skeleton active paragraph={{ rows: 12 }} className="wb-page" />;
  if (score.isError) return <ErrorView error={score.error} onRetry={() => void score.refetch()} />;
  if (found.isError) return <ErrorView error={found.error} onRetry={() => void found.refetch()} />;
  return (
    <div className="wb-page">
      <PageHead
        title={t("diagnosis.title")}
        note={<span className="wb-muted">{t("diagnosis.note", { days: found.data.days })}</span>}
        actions={
          <>
            <Button icon={<DownloadOutlined />} href={apiAddress(`/shops/${shop.id}/experience.xlsx`)} disabled={score.data.history.length === 0} data-testid="experience-export">
              {t("diagnosis.export")}
            </Button>
            <ExportButton path={`/shops/${shop.id}/diagnosis`} testId="diagnosis-export" />
          </>
        }
      />
      <Waiting rows={found.data.waiting} />
      <div className="wb-diagnosis-top">
        <ScoreCard score={score.data} orders={Math.max(found.data.orders, score.data.orders)} />
        <Trend score={score.data} />
      </div>
      <div className="wb-diagnosis-parts">
        {score.data.parts.map((part) => (
          <PartCard key={part.name} part={part} score={score.data} />
        ))}
      </div>
      <Problems found={found.data} />
    </div>
  );
}

function Waiting({ rows }: { rows: Diagnosis["waiting"] }) {
  const { t } = useTranslation();
  const shop = useShop();
  if (rows.length === 0) return null;
  return (
    <section className="wb-panel wb-diagnosis-waiting" aria-label={t("diagnosis.waiting")}>
      <strong>{t("diagnosis.waiting")}</strong>
      {rows.map((row) => (
        <Link key={row.code} to={`/shops/${shop.id}/${whereItWaits(row.code)}`} data-testid={`waiting-${row.code}`}>
          {t(`diagnosis.wait.${row.code}`, { count: row.count })}
        </Link>
      ))}
    </section>
  );
}

function ScoreCard({ score, orders }: { score: Experience; orders: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const settled = score.settlement_score === null ? t("diagnosis.settlement_none") : t("diagnosis.settlement", { score: score.settlement_score });
  return (
    <section className="wb-panel wb-score" aria-labelledby="score-title" data-testid="experience-score">
      <h2 id="score-title">{t("diagnosis.score")}</h2>
      {score.score === null ? (
        <>
          <p className="wb-score-number wb-muted">{t("diagnosis.no_score")}</p>
          <p>{t("diagnosis.no_score_help", { min: score.rules.min_orders, orders })}</p>
        </>
      ) : (
        <>
          <p className="wb-score-number">{score.score.toFixed(1)}</p>
          {score.day && <small className="wb-muted">{t("diagnosis.of_day", { day: format.date(score.day) })}</small>}
          {score.peers ? (
            <p>
              {t("diagnosis.peers", { shops: score.peers.shops })} · {t("diagnosis.peer_line", { low: score.peers.score[0], median: score.peers.score[1], high: score.peers.score[2] })} <Tag color={score.score >= (score.peers.score[1] ?? 0) ? "green" : "orange"}>{t(score.score >= (score.peers.score[1] ?? 0) ? "diagnosis.better" : "diagnosis.worse")}</Tag>
            </p>
          ) : (
            <p className="wb-muted">{t("diagnosis.peers_none", { least: score.rules.peer_min_shops })}</p>
          )}
        </>
      )}
      <small className="wb-muted">{settled}</small>
    </section>
  );
}

function Trend({ score }: { score: Experience }) {
  const { t } = useTranslation();
  const format = useFormat();
  const days = score.history.filter((day) => day.score !== null);
  if (days.length < 2) return null;
  const line = (of: "score" | "goods" | "logistics" | "service", name: string, dashed = false) => ({
    name,
    dashed,
    points: days.map((day) => ({ x: Date.parse(day.day), y: day[of] ?? 0 })),
  });
  return (
    <section className="wb-panel">
      <LineChart
        title={t("diagnosis.trend")}
        nameX={t("diagnosis.day")}
        formatX={(x) => format.date(new Date(x).toISOString())}
        formatY={(y) => String(Math.round(y))}
        series={[line("score", t("diagnosis.score")), line("goods", t("diagnosis.part.goods"), true), line("logistics", t("diagnosis.part.logistics"), true), line("service", t("diagnosis.part.service"), true)]}
      />
    </section>
  );
}

function Problems({ found }: { found: Diagnosis }) {
  const { t } = useTranslation();
  const shop = useShop();
  const fresh = found.orders === 0;
  return (
    <section className="wb-panel" aria-labelledby="problems-title">
      <h2 id="problems-title">
        {t("diagnosis.problems")}{" "}
        <Popover content={<p className="wb-definition">{t("diagnosis.effect_help")}</p>}>
          <Button type="text" size="small" icon={<QuestionCircleOutlined />} aria-label={t("diagnosis.define_label")} />
        </Popover>
      </h2>
      {found.problems.length === 0 && (
        <EmptyList
          filtered={false}
          onReset={() => undefined}
          title={t("diagnosis.no_problems")}
          help={t(fresh ? "diagnosis.new_shop" : "diagnosis.no_problems_help")}
          action={
            fresh && (
              <Link to={`/shops/${shop.id}/products`}>
                <Button type="primary">{t("diagnosis.new_shop_do")}</Button>
              </Link>
            )
          }
        />
      )}
      {found.problems.map((problem) => (
        <ProblemRow key={`${problem.code}${problem.detail}`} problem={problem} />
      ))}
    </section>
  );
}

function ProblemRow({ problem }: { problem: Diagnosis["problems"][number] }) {
  const { t } = useTranslation();
  const shop = useShop();
  const words = {
    count: problem.count,
    total: problem.total,
    detail: problem.detail,
    aspect: problem.code === "bad_aspect" ? t(`diagnosis.aspect.${problem.detail}`) : "",
    reason: problem.code === "refund_reason" ? t(`diagnosis.reason.${problem.detail}`) : "",
  };
  return (
    <Link to={`/shops/${shop.id}/${whereToSolve(problem)}`} className="wb-todo" data-testid={`problem-${problem.code}`}>
      <Tag color={problem.effect_kind === "score" ? "volcano" : "blue"}>{t(`diagnosis.effect_${problem.effect_kind}`, { effect: problem.effect })}</Tag>
      <span className="wb-todo-words">
        <strong>{t(`diagnosis.problem.${problem.code}`, words)}</strong>
        <small className="wb-muted">{t(`diagnosis.help.${problem.code}`)}</small>
      </span>
      <RightOutlined aria-hidden />
    </Link>
  );
}
