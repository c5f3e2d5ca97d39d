import { useQueryClient } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Card, DatePicker, Form, Input, InputNumber, Skeleton, Switch, Table } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { post } from "../api/http";
import type { AfterSaleRules, AfterSaleRulesPage } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { Field } from "../app/Field";
import { PageHead } from "../app/PageHead";
import { errorText, fieldReasons } from "../app/errors";
import "./aftersale.css";
import { CoverTerms } from "./CoverTerms";
import { RULES_KEY, useRules } from "./queries";
import { RULE_GROUPS, shownValue, storedValue } from "./rules";

/** Periods and limits of after-sale, each set from a date on. */
export default function RulesPage() {
  const { t } = useTranslation();
  const rules = useRules();
  return (
    <div className="wb-page">
      <PageHead title={t("operator.room.aftersale-rules")} note={<span className="wb-muted">{t("aftersale.rules_note")}</span>} />
      {rules.isPending && <Skeleton active paragraph={{ rows: 10 }} className="wb-panel" />}
      {rules.isError && <ErrorView error={rules.error} onRetry={() => void rules.refetch()} />}
      {rules.data && (
        <>
          <RulesForm key={rules.data.items[0]?.id ?? 0} page={rules.data} />
          <Sets page={rules.data} />
          <CoverTerms />
        </>
      )}
    </div>
  );
}

function RulesForm({ page }: { page: AfterSaleRulesPage }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [values, setValues] = useState<AfterSaleRules>(page.current);
  const [from, setFrom] = useState<Dayjs | null>(null);
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const reasons = fieldReasons(t, refusal);
  const dirty = JSON.stringify(values) !== JSON.stringify(page.current);
  const save = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      await post("/operator/aftersale-rules", { effective_from: from?.toISOString() ?? null, note: note.trim(), values });
      await client.invalidateQueries({ queryKey: RULES_KEY });
      void message.success(t("aftersale.rules_saved"));
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Form layout="vertical">
      {RULE_GROUPS.map((group) => (
        <Card key={group.name} title={t(`aftersale.rule_group.${group.name}`)} size="small" className="rules-card">
          <div className="rules-grid">
            {group.rules.map((rule) => {
              const value = values[rule];
              const reason = reasons.get(rule) ?? reasons.get(`values.${rule}`);
              return (
                <Form.Item key={rule} label={t(`aftersale.rule.${rule}`)} htmlFor={rule} validateStatus={reason ? "error" : ""} help={reason}>
                  {typeof value === "boolean" ? (
                    <Switch id={rule} checked={value} onChange={(checked) => setValues({ ...values, [rule]: checked })} />
                  ) : (
                    <InputNumber
                      id={rule}
                      min={0}
                      value={shownValue(rule, value)}
                      onChange={(typed) => typed !== null && setValues({ ...values, [rule]: storedValue(rule, typed) })}
                      suffix={t(`aftersale.unit.${rule.endsWith("_s") ? "hours" : rule.endsWith("_days") ? "days" : rule.endsWith("_minor") ? "money" : "times"}`)}
                      style={{ width: "100%" }}
                    />
                  )}
                </Form.Item>
              );
            })}
          </div>
        </Card>
      ))}
      <Card size="small" className="rules-card">
        <div className="rules-grid">
          <Field label={t("aftersale.effective_from")} help={reasons.get("effective_from") ?? t("aftersale.effective_help")} validateStatus={reasons.get("effective_from") ? "error" : ""}>
            <DatePicker showTime value={from} onChange={setFrom} placeholder={t("aftersale.from_now")} style={{ width: "100%" }} />
          </Field>
          <Form.Item label={t("aftersale.note")} htmlFor="rules-note">
            <Input id="rules-note" maxLength={120} value={note} onChange={(event) => setNote(event.target.value)} />
          </Form.Item>
        </div>
        {refusal !== null && reasons.size === 0 && <Alert type="error" showIcon title={errorText(t, refusal)} />}
        <Button type="primary" disabled={!dirty} loading={busy} onClick={() => void save()} data-testid="rules-save">
          {t("aftersale.rules_save")}
        </Button>
      </Card>
    </Form>
  );
}

function Sets({ page }: { page: AfterSaleRulesPage }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Table
      size="small"
      rowKey="id"
      pagination={false}
      dataSource={page.items}
      scroll={{ x: 560 }}
      locale={{ emptyText: t("aftersale.no_sets") }}
      columns={[
        { title: t("aftersale.effective_from"), render: (_, row) => format.dateTime(row.effective_from) },
        { title: t("aftersale.in_force"), render: (_, row) => (row.in_force ? t("aftersale.yes") : "") },
        { title: t("aftersale.note"), dataIndex: "note" },
        { title: t("aftersale.made_at"), render: (_, row) => format.dateTime(row.created_at) },
      ]}
    />
  );
}
