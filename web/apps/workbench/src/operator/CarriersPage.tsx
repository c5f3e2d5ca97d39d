import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Card, DatePicker, Descriptions, Form, InputNumber, Select, Skeleton, Table, Tag } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { get, post } from "../api/http";
import type { CarrierStatus, TimeRules } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { errorText } from "../app/errors";
import { CategoryPicker } from "../products/CategoryPicker";
import { categoryPaths, useCategories } from "../products/queries";
import { ShopPicker, useShopNames } from "./shops";

const HOUR_S = 3600;

/** Who tells where packages are, how well that works, and how long things may take. */
export default function CarriersPage() {
  const { t } = useTranslation();
  return (
    <div className="wb-page">
      <PageHead title={t("operator.room.carriers")} />
      <Status />
      <Rules />
    </div>
  );
}

function Status() {
  const { t } = useTranslation();
  const format = useFormat();
  const status = useQuery({ queryKey: ["carrier-status"], queryFn: ({ signal }) => get<CarrierStatus>("/operator/carriers", undefined, signal), refetchInterval: 15_000 });
  if (status.isPending) return <Skeleton active className="wb-panel" />;
  if (status.isError) return <ErrorView error={status.error} onRetry={() => void status.refetch()} />;
  const { data } = status;
  const watched = Object.entries(data.watch).map(([state, count]) => `${t(`operator.carriers.watch.${state}`)} ${count}`);
  return (
    <Card className="wb-section" data-testid="carrier-status" title={<>{t(`operator.carriers.provider.${data.provider}`)} <Tag color={data.configured ? "green" : "red"}>{t(data.configured ? "operator.carriers.ready" : "operator.carriers.not_ready")}</Tag></>}>
      <Descriptions
        size="small"
        column={{ xs: 1, md: 2 }}
        items={[
          { key: "way", label: t("operator.carriers.on_the_way"), children: data.on_the_way },
          { key: "silent", label: t("operator.carriers.silent"), children: data.silent },
          { key: "intercepts", label: t("operator.carriers.intercepts"), children: data.intercepts_open },
          { key: "news", label: t("operator.carriers.last_news"), children: data.last_news_at ? format.dateTime(data.last_news_at) : "—" },
          { key: "watch", label: t("operator.carriers.watched"), children: watched.join(" · ") || "—" },
          { key: "push", label: t("operator.carriers.push_url"), children: <span className="wb-mono">{data.push_url || "—"}</span> },
        ]}
      />
    </Card>
  );
}

function Rules() {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const { message } = App.useApp();
  const rules = useQuery({ queryKey: ["time-rules"], queryFn: ({ signal }) => get<TimeRules>("/operator/time-rules", undefined, signal) });
  const categories = useCategories();
  const [name, setName] = useState<string>("ship_within");
  const [hours, setHours] = useState<number | null>(48);
  const [from, setFrom] = useState(() => dayjs().add(1, "day").startOf("day"));
  const [shopId, setShopId] = useState<number | null>(null);
  const [categoryId, setCategoryId] = useState<number | null>(null);
  const shopName = useShopNames((rules.data?.rules ?? []).map((rule) => rule.shop_id));
  if (rules.isPending) return <Skeleton active className="wb-panel" />;
  if (rules.isError) return <ErrorView error={rules.error} onRetry={() => void rules.refetch()} />;
  const names = Object.keys(rules.data.usual);
  const add = async () => {
    try {
      const made = await post<TimeRules>("/operator/time-rules", { name, seconds: Math.round((hours ?? 0) * HOUR_S), effective_from: from.toISOString(), shop_id: shopId, category_id: categoryId });
      client.setQueryData(["time-rules"], made);
      void message.success(t("settings.saved"));
    } catch (error) {
      void message.error(errorText(t, error));
    }
  };
  const paths = categoryPaths(categories.data ?? [], format.named);
  const length = (seconds: number) => {
    const count = Math.round((seconds / HOUR_S) * 10) / 10;
    return count > 24 && count % 24 === 0 ? t("operator.carriers.hours_and_days", { count, days: count / 24 }) : t("operator.carriers.hours", { count });
  };
  return (
    <Card className="wb-section" title={t("operator.carriers.rules")}>
      <p className="wb-muted">{t("operator.carriers.rules_help")}</p>
      <Table
        size="small"
        className="wb-section"
        rowKey="name"
        pagination={false}
        dataSource={names.map((each) => ({ name: each, seconds: rules.data.usual[each] ?? 0 }))}
        columns={[
          { title: t("operator.carriers.rule"), render: (_, row) => t(`operator.carriers.time.${row.name}`) },
          { title: t("operator.carriers.usual"), render: (_, row) => length(row.seconds) },
        ]}
      />
      <Table
        size="small"
        rowKey="id"
        scroll={{ x: "max-content" }}
        pagination={{ pageSize: 20, hideOnSinglePage: true }}
        dataSource={rules.data.rules}
        locale={{ emptyText: t("operator.carriers.no_rules") }}
        columns={[
          { title: t("operator.carriers.rule"), render: (_, row) => t(`operator.carriers.time.${row.name}`) },
          { title: t("operator.carriers.length"), render: (_, row) => length(row.seconds) },
          { title: t("operator.carriers.from"), render: (_, row) => format.dateTime(row.effective_from) },
          { title: t("operator.carriers.shop"), render: (_, row) => (row.shop_id === null ? t("operator.carriers.all") : shopName(row.shop_id)) },
          { title: t("operator.carriers.category"), render: (_, row) => (row.category_id === null ? t("operator.carriers.all") : (paths.get(row.category_id) ?? `#${row.category_id}`)) },
        ]}
      />
      <p className="wb-muted">{t("operator.carriers.scope_help")}</p>
      <Form layout="inline" onFinish={() => void add()}>
        <Form.Item>
          <Select value={name} onChange={setName} style={{ minWidth: 220 }} aria-label={t("operator.carriers.rule")} options={names.map((each) => ({ value: each, label: t(`operator.carriers.time.${each}`) }))} />
        </Form.Item>
        <Form.Item>
          <InputNumber min={0.1} max={2160} value={hours} onChange={setHours} suffix={t("operator.carriers.unit")} aria-label={t("operator.carriers.length")} />
        </Form.Item>
        <Form.Item>
          <DatePicker showTime allowClear={false} value={from} onChange={(value) => value && setFrom(value)} aria-label={t("operator.carriers.from")} />
        </Form.Item>
        <Form.Item>
          <ShopPicker className="wb-filter" kind="merchant" value={shopId} onChange={setShopId} />
        </Form.Item>
        <Form.Item>
          <CategoryPicker className="wb-filter" value={categoryId} onChange={(chosen) => setCategoryId(chosen ?? null)} anyLevel />
        </Form.Item>
        <Button type="primary" htmlType="submit" disabled={!hours} data-testid="rule-add">
          {t("operator.carriers.add")}
        </Button>
      </Form>
    </Card>
  );
}
