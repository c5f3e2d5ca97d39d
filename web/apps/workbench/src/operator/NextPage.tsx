import { ReloadOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, Button, Card, Descriptions, Empty, Skeleton, Space, Table, Tag } from "antd";
import { useState } from "react";
import type { Preview } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { Bars } from "../charts/Bars";
import { SlotCard } from "./SlotCard";
import { type Briefs, ContentLine, briefsOf } from "./contents";
import { likeliest } from "./changes";
import { usePreview } from "./queries";

const SIZE = 8;

/** The page the engine would serve now: channels, candidates, and what each step of the slate did. */
export function NextPage({ lookupId }: { lookupId: number }) {
  const { t } = useTranslation();
  const [seed, setSeed] = useState(0);
  const page = usePreview(lookupId, SIZE, seed);
  if (page.isPending) return <Skeleton active paragraph={{ rows: 10 }} aria-label={t("loading")} />;
  if (page.isError) return <ErrorView error={page.error} onRetry={() => void page.refetch()} />;
  const briefs = briefsOf(page.data.contents);
  const refresh = () => {
    if (seed === 0) void page.refetch();
    else setSeed(0);
  };
  return (
    <div aria-busy={page.isFetching}>
      <Alert
        type="info"
        showIcon
        title={t("operator.page.dry_run")}
        action={
          <Space wrap>
            <Button size="small" icon={<ReloadOutlined />} onClick={refresh} loading={page.isFetching && seed === 0}>
              {t("operator.page.again")}
            </Button>
            <Button size="small" onClick={() => setSeed(seed + 1)} data-testid="preview-draw" loading={page.isFetching && seed > 0}>
              {t("operator.page.draw")}
            </Button>
          </Space>
        }
      />
      <Summary page={page.data} />
      <Channels page={page.data} briefs={briefs} />
      <h2 className="wb-section-title">{t("operator.page.slots")}</h2>
      {page.data.slots.length === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("operator.page.empty")} />}
      <ol className="wb-slots">
        {page.data.slots.map((slot) => (
          <li key={slot.position}>
            <SlotCard slot={slot} briefs={briefs} reasons={page.data.reasons[String(slot.content_id)] ?? []} spare={!page.data.page.includes(slot.content_id)} />
          </li>
        ))}
      </ol>
      <RunnersUp page={page.data} briefs={briefs} />
    </div>
  );
}

function Summary({ page }: { page: Preview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const total = Object.values(page.stage_ms).reduce((sum, each) => sum + each, 0);
  const { load, share } = page.commerce;
  return (
    <Card className="wb-section">
      <Descriptions
        column={{ xs: 1, sm: 2, lg: 3 }}
        items={[
          { key: "funnel", label: t("operator.page.funnel"), children: t("operator.page.funnel_value", { candidates: format.number(page.candidates), shortlisted: format.number(page.shortlisted), page: page.page.length }) },
          { key: "time", label: t("operator.page.time"), children: t("operator.ms", { ms: format.number(Math.round(total * 100) / 100) }) },
          { key: "commerce", label: t("operator.page.commerce"), children: t("operator.page.commerce_value", { load: format.number(load ?? 0), share: share !== undefined && share >= 0 ? format.percent(share) : t("operator.state.unknown") }) },
          { key: "snapshot", label: t("operator.page.snapshot"), children: String(page.snapshot_version) },
          { key: "models", label: t("operator.page.models"), children: page.models.map((model) => <Tag key={model}>{t(`operator.model.${model}`, { defaultValue: model })}</Tag>) },
          { key: "personal", label: t("operator.page.personalised"), children: t(page.personalised ? "operator.person.on" : "operator.person.off") },
        ]}
      />
    </Card>
  );
}

function Channels({ page, briefs }: { page: Preview; briefs: Briefs }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [open, setOpen] = useState<string | null>(null);
  const chosen = page.channels.find((channel) => channel.channel === open);
  return (
    <Card className="wb-section" title={t("operator.page.channels")} data-testid="preview-channels">
      <p className="wb-muted">{t("operator.page.channels_help")}</p>
      <Bars
        title={t("operator.page.channels")}
        names={[t("operator.page.brought"), t("operator.page.alone"), t("operator.page.on_page")]}
        bars={page.channels.map((channel) => ({
          key: channel.channel,
          label: (
            <Button type="link" size="small" className="wb-bar-button" aria-expanded={open === channel.channel} disabled={channel.candidates === 0} onClick={() => setOpen(open === channel.channel ? null : channel.channel)}>
              {t(`operator.channel.${channel.channel}`)}
            </Button>
          ),
          values: [channel.candidates, channel.alone, channel.on_page],
          words: t("operator.page.channel_words", {
            candidates: format.number(channel.candidates),
            alone: format.number(channel.alone),
            on_page: channel.on_page,
            ms: format.number(Math.round(channel.took_ms * 100) / 100),
          }),
        }))}
      />
      {chosen && (
        <div className="wb-channel-top">
          <h3>{t("operator.page.top_of", { channel: t(`operator.channel.${chosen.channel}`) })}</h3>
          <p className="wb-muted">{t("operator.page.scores", { low: format.number(chosen.score_low ?? 0), high: format.number(chosen.score_high ?? 0) })}</p>
          <ol>
            {chosen.top.map((row) => (
              <li key={row.content_id}>
                <ContentLine id={row.content_id} briefs={briefs} />
                <span className="wb-muted">{format.number(row.score)}</span> {row.on_page && <Tag color="success">{t("operator.page.on_page")}</Tag>}
              </li>
            ))}
          </ol>
        </div>
      )}
    </Card>
  );
}

function RunnersUp({ page, briefs }: { page: Preview; briefs: Briefs }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Card className="wb-section" title={t("operator.page.runners_up")}>
      <p className="wb-muted">{t("operator.page.runners_up_help")}</p>
      <Table
        size="small"
        rowKey="content_id"
        pagination={false}
        scroll={{ x: "max-content" }}
        dataSource={page.runners_up}
        locale={{ emptyText: t("operator.state.none") }}
        columns={[
          { key: "content", title: t("operator.column.content"), render: (_, row) => <ContentLine id={row.content_id} briefs={briefs} /> },
          { key: "channel", title: t("operator.column.channel"), render: (_, row) => row.brought_by.map((channel) => <Tag key={channel}>{t(`operator.channel.${channel}`)}</Tag>) },
          { key: "value", title: t("operator.column.value"), align: "right", render: (_, row) => format.number(row.steps.at(-1)?.value ?? 0) },
          {
            key: "likely",
            title: t("operator.column.likely"),
            render: (_, row) => likeliest(row.predictions, 3).map(([head, chance]) => `${t(`operator.head.${head}`)} ${format.percent(chance)}`).join(" · "),
          },
        ]}
      />
    </Card>
  );
}
