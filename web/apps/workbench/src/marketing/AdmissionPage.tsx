import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Card, DatePicker, Form, InputNumber, Skeleton, Table } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { get, post } from "../api/http";
import type { AdmissionPolicies } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { Field } from "../app/Field";
import { PageHead } from "../app/PageHead";
import { errorText } from "../app/errors";

const FIELDS = ["per_device", "per_network", "challenge_after", "challenge_bits"] as const;

/** What the queues of flash sales suspect, from a day on; a policy is never changed, a later one takes over. */
export default function AdmissionPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const { message } = App.useApp();
  const policies = useQuery({ queryKey: ["admission"], queryFn: ({ signal }) => get<AdmissionPolicies>("/operator/admission-policies", undefined, signal) });
  const [draft, setDraft] = useState<Partial<Record<(typeof FIELDS)[number], number>>>({});
  const [from, setFrom] = useState(() => dayjs().add(1, "day").startOf("day"));
  if (policies.isPending) return <Skeleton active className="wb-page" />;
  if (policies.isError) return <ErrorView error={policies.error} onRetry={() => void policies.refetch()} />;
  const { usual } = policies.data;
  const add = async () => {
    try {
      client.setQueryData(["admission"], await post<AdmissionPolicies>("/operator/admission-policies", { ...usual, ...draft, effective_from: from.toISOString() }));
      void message.success(t("settings.saved"));
    } catch (error) {
      void message.error(errorText(t, error));
    }
  };
  return (
    <div className="wb-page">
      <PageHead title={t("operator.room.admission")} />
      <Card className="wb-section">
        <p className="wb-muted">{t("marketing.admission.help", { ...usual })}</p>
        <Table
          size="small"
          rowKey="id"
          scroll={{ x: "max-content" }}
          pagination={{ pageSize: 20, hideOnSinglePage: true }}
          dataSource={policies.data.policies}
          locale={{ emptyText: t("marketing.admission.none") }}
          columns={[
            { title: t("marketing.admission.from"), render: (_, row) => format.dateTime(row.effective_from) },
            ...FIELDS.map((name) => ({ title: t(`marketing.admission.${name}`), dataIndex: name })),
          ]}
        />
        <Form layout="inline" onFinish={() => void add()}>
          {FIELDS.map((name) => (
            <Field key={name} label={t(`marketing.admission.${name}`)}>
              <InputNumber min={name === "challenge_after" ? 0 : 1} max={name === "challenge_bits" ? 24 : 1_000_000} precision={0} value={draft[name] ?? usual[name]} onChange={(value) => setDraft({ ...draft, [name]: value ?? usual[name] })} data-testid={`admission-${name}`} />
            </Field>
          ))}
          <Form.Item>
            <DatePicker showTime allowClear={false} value={from} onChange={(value) => value && setFrom(value)} aria-label={t("marketing.admission.from")} />
          </Form.Item>
          <Button type="primary" htmlType="submit" data-testid="admission-add">
            {t("marketing.admission.add")}
          </Button>
        </Form>
      </Card>
    </div>
  );
}
