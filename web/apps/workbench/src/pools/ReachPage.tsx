import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Card, Descriptions, InputNumber, Skeleton, Space, Tag } from "antd";
import { useState } from "react";
import { useSearchParams } from "react-router";
import type { ItemReach } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { Bars } from "../charts/Bars";
import { Intervals } from "../charts/Intervals";
import { LineChart } from "../charts/LineChart";
import { PoolStory } from "./PoolStory";
import { useReach } from "./queries";

/** An operator's look at one content: its pool, exposure over time, rates and audience. */
export default function ReachPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const asked = Number(search.get("content")) || null;
  const [typed, setTyped] = useState<number | null>(asked);
  const reach = useReach(asked);
  return (
    <div className="wb-page">
      <PageHead title={t("pools.operator.title")} />
      <Space.Compact>
        <InputNumber data-testid="reach-content" min={1} precision={0} value={typed} onChange={setTyped} placeholder={t("pools.operator.ask")} aria-label={t("pools.operator.ask")} />
        <Button type="primary" disabled={typed === null} onClick={() => setSearch({ content: String(typed) })}>
          {t("pools.operator.show")}
        </Button>
      </Space.Compact>
      {asked === null && <p className="wb-muted">{t("pools.operator.start")}</p>}
      {asked !== null && reach.isPending && <Skeleton active paragraph={{ rows: 8 }} aria-label={t("loading")} />}
      {reach.isError && <ErrorView error={reach.error} onRetry={() => void reach.refetch()} />}
      {reach.isSuccess && <Found reach={reach.data} />}
    </div>
  );
}

function Found({ reach }: { reach: ItemReach }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <Card
        className="wb-section"
        title={reach.title || t("operator.content", { id: reach.content_id })}
        extra={<Tag>{t(reach.visible ? "pools.operator.visible" : "pools.operator.hidden")}</Tag>}
      >
        <PoolStory detail={reach} />
      </Card>
      <Days reach={reach} />
      <Card className="wb-section" title={t("pools.operator.rates")} data-testid="reach-rates">
        <p className="wb-muted">{t("pools.operator.rates_help", { impressions: format.number(reach.counts.impressions ?? 0) })}</p>
        <Intervals
          title={t("pools.operator.rates")}
          rows={reach.rates.map((row) => ({
            key: row.outcome,
            label: t(`pools.operator.count.${row.outcome}`),
            low: row.low,
            value: row.rate,
            high: row.high,
            expected: row.expected,
            words: t("pools.operator.rate_words", {
              rate: format.percent(row.rate),
              low: format.percent(row.low),
              high: format.percent(row.high),
              count: format.number(row.count),
              expected: row.expected === null ? "–" : format.percent(row.expected),
            }),
          }))}
        />
        <details>
          <summary>{t("pools.operator.definitions")}</summary>
          <Descriptions
            column={1}
            size="small"
            items={["impressions", ...reach.rates.map((row) => row.outcome)].map((name) => ({
              key: name,
              label: t(`pools.operator.count.${name}`),
              children: t(`pools.operator.definition.${name}`),
            }))}
          />
        </details>
      </Card>
      <People people={reach.people} />
      <Card className="wb-section" title={t("pools.operator.audience")}>
        <p className="wb-muted">{t("pools.operator.audience_help")}</p>
        {reach.audience.length === 0 && <p className="wb-muted">{t("pools.operator.audience_none")}</p>}
        <Bars
          title={t("pools.operator.audience")}
          names={[t("pools.operator.audience")]}
          most={1}
          bars={reach.audience.map((tag) => ({ key: String(tag.tag_id), label: format.named(tag), values: [tag.weight], words: format.percent(tag.weight) }))}
        />
      </Card>
    </>
  );
}

function Days({ reach }: { reach: ItemReach }) {
  const { t } = useTranslation();
  const format = useFormat();
  const points = (pick: (day: ItemReach["days"][number]) => number) => reach.days.map((day) => ({ x: Date.parse(day.day), y: pick(day) }));
  return (
    <Card className="wb-section" title={t("pools.operator.days")}>
      {reach.days.length === 0 ? (
        <p className="wb-muted">{t("pools.operator.days_none")}</p>
      ) : (
        <LineChart
          title={t("pools.operator.days_help")}
          nameX={t("pools.operator.day")}
          formatX={(x) => format.dayMonth(new Date(x).toISOString())}
          formatY={(y) => format.number(y)}
          series={[
            { name: t("pools.operator.count.impressions"), points: points((day) => day.impressions) },
            { name: t("pools.operator.count.watches"), points: points((day) => day.watches) },
            { name: t("pools.operator.count.product_clicks"), points: points((day) => day.product_clicks) },
          ]}
        />
      )}
    </Card>
  );
}

function People({ people }: { people: ItemReach["people"] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Card className="wb-section" title={t("pools.operator.people")} data-testid="reach-people">
      {people.saw === null || people.took_to === null ? (
        <p className="wb-muted">{t("pools.operator.people_hidden", { count: people.group_least })}</p>
      ) : (
        <>
          <p className="wb-muted">
            {t("pools.operator.people_help", {
              saw: format.number(people.saw),
              took_to: format.number(people.took_to),
              since: people.since ? format.dateTime(people.since) : "–",
            })}
          </p>
          <Bars
            title={t("pools.operator.people")}
            names={[t("pools.operator.of_takers"), t("pools.operator.of_all")]}
            most={1}
            bars={people.shares.map((share) => ({
              key: String(share.tag_id),
              label: format.named(share),
              values: [share.of_takers, share.of_all],
              words: `${format.percent(share.of_takers)} / ${format.percent(share.of_all)}`,
            }))}
          />
        </>
      )}
    </Card>
  );
}
