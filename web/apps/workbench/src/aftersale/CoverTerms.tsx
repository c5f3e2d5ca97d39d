import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Card, DatePicker, Form, InputNumber, Table } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { get, post } from "../api/http";
import type { CoverTermsPage } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { Field } from "../app/Field";
import { errorText } from "../app/errors";

const KEY = ["cover-terms"];
const PATH = "/operator/freight-cover-terms";

/** Terms of the insurance of return freight, each from a date on. */
export function CoverTerms() {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const { message } = App.useApp();
  const terms = useQuery({ queryKey: KEY, queryFn: ({ signal }) => get<CoverTermsPage>(PATH, undefined, signal) });
  const [premium, setPremium] = useState<number | null>(null);
  const [limit, setLimit] = useState<number | null>(null);
  const [from, setFrom] = useState<Dayjs | null>(null);
  const [busy, setBusy] = useState(false);
  if (terms.isError) return <ErrorView error={terms.error} onRetry={() => void terms.refetch()} />;
  if (!terms.data) return null;
  const { current } = terms.data;
  const money = (amount_minor: number) => format.money({ amount_minor, currency: "CNY" }, true);
  const minor = (typed: number | null, now: number) => (typed === null ? now : Math.round(typed * 100));
  const save = async () => {
    setBusy(true);
    try {
      await post(PATH, { premium_minor: minor(premium, current.premium_minor), limit_minor: minor(limit, current.limit_minor), effective_from: from?.toISOString() ?? null });
      await client.invalidateQueries({ queryKey: KEY });
      void message.success(t("aftersale.rules_saved"));
    } catch (error) {
      void message.error(errorText(t, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card title={t("aftersale.cover")} size="small" className="rules-card" data-testid="cover-terms">
      <Form layout="vertical" className="rules-grid">
        <Form.Item label={t("aftersale.cover_premium")} htmlFor="cover-premium">
          <InputNumber id="cover-premium" min={0} max={1000} precision={2} value={premium ?? current.premium_minor / 100} onChange={setPremium} style={{ width: "100%" }} />
        </Form.Item>
        <Form.Item label={t("aftersale.cover_limit")} htmlFor="cover-limit">
          <InputNumber id="cover-limit" min={0.01} max={1000} precision={2} value={limit ?? current.limit_minor / 100} onChange={setLimit} style={{ width: "100%" }} />
        </Form.Item>
        <Field label={t("aftersale.effective_from")} help={t("aftersale.effective_help")}>
          <DatePicker showTime value={from} onChange={setFrom} placeholder={t("aftersale.from_now")} style={{ width: "100%" }} />
        </Field>
      </Form>
      <Button type="primary" loading={busy} disabled={premium === null && limit === null} onClick={() => void save()} data-testid="cover-save">
        {t("aftersale.rules_save")}
      </Button>
      <Table
        size="small"
        rowKey={(row) => row.effective_from ?? ""}
        pagination={false}
        dataSource={terms.data.items}
        locale={{ emptyText: t("aftersale.no_sets") }}
        columns={[
          { title: t("aftersale.effective_from"), render: (_, row) => (row.effective_from ? format.dateTime(row.effective_from) : "") },
          { title: t("aftersale.cover_premium"), render: (_, row) => money(row.premium_minor) },
          { title: t("aftersale.cover_limit"), render: (_, row) => money(row.limit_minor) },
        ]}
      />
    </Card>
  );
}
