import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Card, Empty, Segmented, Skeleton, Table, Tag } from "antd";
import { useState } from "react";
import type { Training } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { LineChart } from "../charts/LineChart";
import { curvesOf, kindsOf } from "./curves";
import { useTrainings } from "./queries";

const STATE_COLOUR = { running: "processing", adopted: "success", rejected: "warning", skipped: "default", failed: "error" } as const;

/** What was trained when, on how much, how well, and whether it serves. */
export default function TrainingsPage() {
  const { t } = useTranslation();
  const trainings = useTrainings();
  return (
    <div className="wb-page">
      <PageHead
        title={t("operator.training.title")}
        note={t("operator.training.note")}
        actions={
          <Button onClick={() => void trainings.refetch()} loading={trainings.isRefetching}>
            {t("actions.reload")}
          </Button>
        }
      />
      {trainings.isPending && <Skeleton active paragraph={{ rows: 10 }} aria-label={t("loading")} />}
      {trainings.isError && <ErrorView error={trainings.error} onRetry={() => void trainings.refetch()} />}
      {trainings.isSuccess && (
        <>
          <Card className="wb-section" size="small" title={t("operator.training.serving")}>
            {trainings.data.serving.length === 0 ? t("operator.training.serving_none") : trainings.data.serving.map((name) => <Tag key={name} color="success">{t(`operator.model.${name}`, { defaultValue: name })}</Tag>)}
          </Card>
          {trainings.data.items.length === 0 ? (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("operator.training.none")} data-testid="trainings-none" />
          ) : (
            <Book rows={trainings.data.items} />
          )}
        </>
      )}
    </div>
  );
}

function Book({ rows }: { rows: Training[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const kinds = kindsOf(rows);
  const [kind, setKind] = useState("");
  const shown = rows.filter((row) => !kind || row.kind === kind);
  const moment = (ms: number) => format.dateTime(new Date(ms).toISOString());
  return (
    <>
      <div className="wb-charts">
        {kinds.map((each) => {
          const { before, after, metric } = curvesOf(rows, each);
          return (
            <Card key={each} className="wb-section" title={t(`operator.training.kind.${each}`, { defaultValue: each })}>
              {after.length === 0 ? (
                <p className="wb-muted">{t("operator.training.no_figures")}</p>
              ) : (
                <LineChart
                  title={t("operator.training.curve", { metric: t(`operator.training.metric.${metric}`, { defaultValue: metric }) })}
                  nameX={t("operator.column.when")}
                  formatX={moment}
                  formatY={(value) => format.number(Math.round(value * 10_000) / 10_000)}
                  series={[
                    { name: t("operator.training.after"), points: after },
                    { name: t("operator.training.before"), points: before, dashed: true },
                  ]}
                />
              )}
            </Card>
          );
        })}
      </div>
      <div className="wb-scroll">
      <Segmented
        value={kind}
        onChange={setKind}
        options={[{ value: "", label: t("operator.training.all") }, ...kinds.map((each) => ({ value: each, label: t(`operator.training.kind.${each}`, { defaultValue: each }) }))]}
      />
      </div>
      <Table
        className="wb-trainings"
        size="small"
        rowKey="id"
        dataSource={shown}
        scroll={{ x: "max-content" }}
        pagination={{ pageSize: 20, hideOnSinglePage: true }}
        columns={[
          { key: "when", title: t("operator.column.when"), render: (_, row) => format.dateTime(row.started_at) },
          { key: "kind", title: t("operator.column.model"), render: (_, row) => t(`operator.training.kind.${row.kind}`, { defaultValue: row.kind }) },
          { key: "state", title: t("operator.column.result"), render: (_, row) => <Result row={row} /> },
          { key: "figures", title: t("operator.column.figures"), render: (_, row) => <Figures row={row} /> },
          { key: "on", title: t("operator.column.on"), render: (_, row) => t("operator.training.on", { events: format.number(row.events), people: format.number(row.people), examples: format.number(row.examples) }) },
          { key: "took", title: t("operator.column.took"), align: "right", render: (_, row) => t("operator.seconds", { seconds: format.number(Math.round(row.wall_ms / 100) / 10) }) },
          { key: "way", title: t("operator.column.way"), render: (_, row) => t(row.detail.went_on === true ? "operator.training.on_from" : "operator.training.anew") },
        ]}
      />
    </>
  );
}

function Result({ row }: { row: Training }) {
  const { t } = useTranslation();
  const skipped = typeof row.detail.skipped === "string" ? row.detail.skipped : "";
  return (
    <>
      <Tag color={STATE_COLOUR[row.state]}>{t(`operator.training.state.${row.state}`)}</Tag>
      <span className="wb-muted">
        {row.why && t(`operator.training.why.${row.why}`, { defaultValue: row.why })}
        {skipped && ` · ${t(`operator.training.skipped.${skipped}`, { defaultValue: skipped })}`}
      </span>
    </>
  );
}

function Figures({ row }: { row: Training }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (row.after === null) return <>–</>;
  const number = (value: number) => format.number(Math.round(value * 10_000) / 10_000);
  return <>{t("operator.training.figures", { before: row.before === null ? "–" : number(row.before), after: number(row.after), cases: format.number(row.cases) })}</>;
}
