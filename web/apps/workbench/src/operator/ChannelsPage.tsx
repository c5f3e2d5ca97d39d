import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Card, Descriptions, Empty, Segmented, Skeleton, Table } from "antd";
import { useState } from "react";
import type { ChannelFigures, ChannelReportPage } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { Bars } from "../charts/Bars";
import { byWorth } from "./channels";
import { useChannelReport } from "./queries";

type Report = NonNullable<ChannelReportPage["report"]>;
type Outcome = keyof Report["positives"];

const OUTCOMES: Outcome[] = ["any", "watched", "clicked", "bought", "beyond"];
const TERMS = ["candidates", "time", "shown", "recall", "unique", "caution"] as const;

/** What each retrieval channel is worth, by the pages sampled in service. */
export default function ChannelsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const page = useChannelReport();
  return (
    <div className="wb-page">
      <PageHead
        title={t("operator.channels.title")}
        note={t("operator.channels.note")}
        actions={
          <Button onClick={() => void page.refetch()} loading={page.isRefetching}>
            {t("actions.reload")}
          </Button>
        }
      />
      {page.isPending && <Skeleton active paragraph={{ rows: 10 }} aria-label={t("loading")} />}
      {page.isError && <ErrorView error={page.error} onRetry={() => void page.refetch()} />}
      {page.isSuccess && page.data.report === null && (
        <Empty
          image={Empty.PRESENTED_IMAGE_SIMPLE}
          data-testid="channels-none"
          description={t("operator.channels.none", {
            share: format.percent(page.data.sample_share),
            every: page.data.every_s ? t("operator.channels.every", { minutes: format.number(Math.round(page.data.every_s / 60)) }) : t("operator.channels.by_hand"),
          })}
        />
      )}
      {page.isSuccess && page.data.report !== null && <Figures page={page.data} report={page.data.report} />}
    </div>
  );
}

function Figures({ page, report }: { page: ChannelReportPage; report: Report }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [outcome, setOutcome] = useState<Outcome>("any");
  const count = report.positives[outcome] ?? 0;
  const rows = byWorth(report.channels, outcome);
  return (
    <>
      <Card className="wb-section" title={t("operator.channels.about")}>
        <Descriptions
          column={{ xs: 1, sm: 2 }}
          items={[
            { key: "sample", label: t("operator.channels.sample"), children: t("operator.channels.sample_value", { pages: format.number(report.pages), people: format.number(report.people) }) },
            { key: "made", label: t("operator.channels.made"), children: format.dateTime(report.made_at) },
            { key: "span", label: t("operator.channels.span"), children: `${format.dateTime(report.first_at)} – ${format.dateTime(report.last_at)}` },
            { key: "how", label: t("operator.channels.how"), children: t("operator.channels.how_value", { share: format.percent(page.sample_share), gap: format.number(page.sample_gap_s) }) },
          ]}
        />
      </Card>
      <Card className="wb-section" title={t("operator.channels.outcome")}>
        <div className="wb-scroll">
          <Segmented value={outcome} onChange={setOutcome} options={OUTCOMES.map((value) => ({ value, label: t(`operator.channels.outcomes.${value}`) }))} />
        </div>
        <p className="wb-muted">{count ? t("operator.channels.positives", { times: format.number(count) }) : t("operator.channels.nothing")}</p>
        {count > 0 && (
          <Bars
            title={t("operator.channels.recall_chart")}
            names={[t("operator.channels.column.recall"), t("operator.channels.column.unique")]}
            bars={rows.map((row) => ({
              key: row.channel,
              label: t(`operator.channel.${row.channel}`),
              values: [row.recall[outcome] ?? 0, row.unique[outcome] ?? 0],
              words: t("operator.channels.recall_words", { recall: format.percent(row.recall[outcome] ?? 0), unique: format.percent(row.unique[outcome] ?? 0) }),
            }))}
          />
        )}
      </Card>
      <ChannelTable rows={rows} outcome={outcome} />
      <Card className="wb-section" title={t("operator.channels.definitions")}>
        <dl className="wb-terms">
          {TERMS.map((term) => (
            <div key={term}>
              <dt>{t(`operator.channels.terms.${term}.0`)}</dt>
              <dd>{t(`operator.channels.terms.${term}.1`)}</dd>
            </div>
          ))}
        </dl>
      </Card>
    </>
  );
}

function ChannelTable({ rows, outcome }: { rows: ChannelFigures[]; outcome: Outcome }) {
  const { t } = useTranslation();
  const format = useFormat();
  const ms = (us: number) => t("operator.ms", { ms: format.number(Math.round(us / 10) / 100) });
  const share = (value: number | undefined) => (value === undefined ? "–" : format.percent(value));
  return (
    <Table
      size="small"
      rowKey="channel"
      dataSource={rows}
      pagination={false}
      scroll={{ x: "max-content" }}
      columns={[
        { key: "channel", title: t("operator.column.channel"), render: (_, row) => t(`operator.channel.${row.channel}`) },
        { key: "candidates", align: "right", title: t("operator.channels.column.candidates"), render: (_, row) => format.number(Math.round(row.candidates * 10) / 10) },
        { key: "pages", align: "right", title: t("operator.channels.column.pages"), render: (_, row) => format.number(row.pages) },
        { key: "p50", align: "right", title: t("operator.channels.column.p50"), render: (_, row) => ms(row.took_p50_us) },
        { key: "p99", align: "right", title: t("operator.channels.column.p99"), render: (_, row) => ms(row.took_p99_us) },
        { key: "shown", align: "right", title: t("operator.channels.column.shown"), render: (_, row) => format.number(row.shown) },
        { key: "recall", align: "right", title: t("operator.channels.column.recall"), render: (_, row) => share(row.recall[outcome]) },
        { key: "unique", align: "right", title: t("operator.channels.column.unique"), render: (_, row) => share(row.unique[outcome]) },
      ]}
    />
  );
}
