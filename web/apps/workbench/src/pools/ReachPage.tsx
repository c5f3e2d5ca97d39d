import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, Card, Descriptions, InputNumber, Skeleton, Space, Tag } from "antd";
import { useState } from "react";
import { useSearchParams } from "react-router";
import type { ItemReach } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { SignedIn } from "../app/Gate";
import { PageHead } from "../app/PageHead";
import { useLanguage } from "../app/language";
import { PoolStory } from "./PoolStory";
import { useReach } from "./queries";

/** An operator's look at one content: its pool, exposure and audience. */
export default function ReachPage() {
  return <SignedIn>{() => <Reach />}</SignedIn>;
}

function Reach() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const asked = Number(search.get("content")) || null;
  const [typed, setTyped] = useState<number | null>(asked);
  const reach = useReach(asked);
  return (
    <main className="wb-page">
      <PageHead title={t("pools.operator.title")} />
      <Space.Compact>
        <InputNumber min={1} precision={0} value={typed} onChange={setTyped} placeholder={t("pools.operator.ask")} aria-label={t("pools.operator.ask")} />
        <Button type="primary" disabled={typed === null} onClick={() => setSearch({ content: String(typed) })}>
          {t("pools.operator.show")}
        </Button>
      </Space.Compact>
      {asked === null && <p className="wb-muted">{t("pools.operator.start")}</p>}
      {asked !== null && reach.isPending && <Skeleton active paragraph={{ rows: 8 }} aria-label={t("loading")} />}
      {reach.isError && <ErrorView error={reach.error} onRetry={() => void reach.refetch()} />}
      {reach.isSuccess && <Found reach={reach.data} />}
    </main>
  );
}

const COUNTS = ["impressions", "watches", "completions", "likes", "follows", "product_clicks", "carts", "orders", "not_interested"] as const;

function Found({ reach }: { reach: ItemReach }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { language } = useLanguage();
  return (
    <>
      <Card className="wb-section" title={t("pools.title")} extra={<Tag>{t(reach.visible ? "pools.operator.visible" : "pools.operator.hidden")}</Tag>}>
        <PoolStory detail={reach} />
      </Card>
      <Card className="wb-section" title={t("pools.operator.outcomes")}>
        <Descriptions
          column={{ xs: 1, sm: 2, lg: 3 }}
          items={COUNTS.map((name) => ({ key: name, label: t(`pools.operator.count.${name}`), children: format.number(reach.counts[name] ?? 0) }))}
        />
      </Card>
      <Card className="wb-section" title={t("pools.operator.audience")}>
        {reach.audience.length === 0 && <p className="wb-muted">{t("pools.operator.audience_none")}</p>}
        {reach.audience.map((tag) => (
          <Tag key={tag.tag_id}>
            {language === "zh-CN" ? tag.name : tag.name_en} {format.percent(tag.weight)}
          </Tag>
        ))}
      </Card>
    </>
  );
}
