import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Card, DatePicker, Form, InputNumber, Skeleton, Table } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { get, post } from "../api/http";
import type { TaxRules } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { PageHead } from "../app/PageHead";
import { errorText } from "../app/errors";
import { CategoryPicker } from "../products/CategoryPicker";
import { categoryPaths, useCategories } from "../products/queries";

/** Tax rates by category from a day on; a rule is never changed, a later one takes over. */
export default function TaxRulesPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const { message } = App.useApp();
  const rules = useQuery({ queryKey: ["tax-rules"], queryFn: ({ signal }) => get<TaxRules>("/operator/tax-rules", undefined, signal) });
  const categories = useCategories();
  const [percent, setPercent] = useState<number | null>(13);
  const [categoryId, setCategoryId] = useState<number | null>(null);
  const [from, setFrom] = useState(() => dayjs().add(1, "day").startOf("day"));
  if (rules.isPending) return <Skeleton active className="wb-page" />;
  if (rules.isError) return <ErrorView error={rules.error} onRetry={() => void rules.refetch()} />;
  const add = async () => {
    try {
      const body = { rate_bp: Math.round((percent ?? 0) * 100), category_id: categoryId, effective_from: from.toISOString() };
      client.setQueryData(["tax-rules"], await post<TaxRules>("/operator/tax-rules", body));
      void message.success(t("settings.saved"));
    } catch (error) {
      void message.error(errorText(t, error));
    }
  };
  const paths = categoryPaths(categories.data ?? [], format.named);
  return (
    <div className="wb-page">
      <PageHead title={t("operator.room.tax-rules")} />
      <Card className="wb-section">
        <p className="wb-muted">{t("invoices.rates_help", { rate: rules.data.usual_bp / 100 })}</p>
        <Table
          size="small"
          rowKey="id"
          scroll={{ x: "max-content" }}
          pagination={{ pageSize: 20, hideOnSinglePage: true }}
          dataSource={rules.data.rules}
          locale={{ emptyText: t("invoices.no_rates") }}
          columns={[
            { title: t("invoices.category"), render: (_, row) => (row.category_id === null ? t("invoices.all_categories") : (paths.get(row.category_id) ?? `#${row.category_id}`)) },
            { title: t("invoices.rate"), render: (_, row) => `${row.rate_bp / 100}%` },
            { title: t("invoices.from"), render: (_, row) => format.dateTime(row.effective_from) },
          ]}
        />
        <p className="wb-muted">{t("invoices.rate_scope")}</p>
        <Form layout="inline" onFinish={() => void add()}>
          <Form.Item>
            <InputNumber min={0} max={100} step={0.5} value={percent} onChange={setPercent} suffix="%" aria-label={t("invoices.rate")} data-testid="tax-rate" />
          </Form.Item>
          <Form.Item>
            <CategoryPicker className="wb-filter" value={categoryId} onChange={(chosen) => setCategoryId(chosen ?? null)} anyLevel />
          </Form.Item>
          <Form.Item>
            <DatePicker showTime allowClear={false} value={from} onChange={(value) => value && setFrom(value)} aria-label={t("invoices.from")} />
          </Form.Item>
          <Button type="primary" htmlType="submit" disabled={percent === null} data-testid="tax-add">
            {t("invoices.add_rate")}
          </Button>
        </Form>
      </Card>
    </div>
  );
}
