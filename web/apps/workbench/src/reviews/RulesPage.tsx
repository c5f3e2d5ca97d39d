import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Card, DatePicker, Form, Input, InputNumber, Skeleton, Table } from "antd";
import type { Dayjs } from "dayjs";
import { type ReactNode, useState } from "react";
import { get, post } from "../api/http";
import type { ExperienceRules, ExperienceRulesPage, ReviewRules, ReviewRulesPage } from "../api/types";
import { ErrorView } from "../app/ErrorView";
import { Field } from "../app/Field";
import { PageHead } from "../app/PageHead";
import { errorText } from "../app/errors";
import "../aftersale/aftersale.css";

const HOUR_S = 3600;
const RULES: (keyof ReviewRules)[] = ["follow_up_days", "default_good_days", "reply_edit_s", "decide_s", "appeal_s", "statement_s", "appeal_decide_s", "aspect_min_mentions", "learn_min_texts"];
const NUMBERS = ["weight", "floor", "target", "prior", "prior_count"] as const;
const COUNTS = ["window_days", "min_orders", "peer_min_shops"] as const;
const PARTS = ["goods", "logistics", "service"] as const;

/** Rules of reviews and of the experience score, each set from a date on. */
export default function RulesPage() {
  const { t } = useTranslation();
  const reviews = useQuery({ queryKey: ["review-rules"], queryFn: ({ signal }) => get<ReviewRulesPage>("/operator/review-rules", undefined, signal) });
  const scores = useQuery({ queryKey: ["experience-rules"], queryFn: ({ signal }) => get<ExperienceRulesPage>("/operator/experience-rules", undefined, signal) });
  return (
    <div className="wb-page">
      <PageHead title={t("operator.room.review-rules")} note={<span className="wb-muted">{t("reviews.queue.rules_note")}</span>} />
      {(reviews.isPending || scores.isPending) && <Skeleton active paragraph={{ rows: 10 }} className="wb-panel" />}
      {reviews.isError && <ErrorView error={reviews.error} onRetry={() => void reviews.refetch()} />}
      {scores.isError && <ErrorView error={scores.error} onRetry={() => void scores.refetch()} />}
      {reviews.data && <ReviewForm key={`r${reviews.data.items[0]?.id ?? 0}`} page={reviews.data} />}
      {scores.data && <ScoreForm key={`s${scores.data.items[0]?.id ?? 0}`} page={scores.data} />}
    </div>
  );
}

function ReviewForm({ page }: { page: ReviewRulesPage }) {
  const { t } = useTranslation();
  const [values, setValues] = useState<ReviewRules>(page.current);
  return (
    <RuleCard title={t("reviews.queue.rules")} path="/operator/review-rules" name="review-rules" values={values} changed={JSON.stringify(values) !== JSON.stringify(page.current)} sets={page.items}>
      <div className="rules-grid">
        {RULES.map((rule) => {
          const unit = rule.endsWith("_s") ? HOUR_S : 1;
          return (
            <Form.Item key={rule} label={t(`reviews.queue.rule.${rule}`)} htmlFor={rule}>
              <InputNumber id={rule} min={0} value={values[rule] / unit} onChange={(typed) => typed !== null && setValues({ ...values, [rule]: Math.round(typed * unit) })} style={{ width: "100%" }} />
            </Form.Item>
          );
        })}
      </div>
    </RuleCard>
  );
}

function ScoreForm({ page }: { page: ExperienceRulesPage }) {
  const { t } = useTranslation();
  const [values, setValues] = useState<ExperienceRules>(page.current);
  const names = Object.keys(values.indicators) as (keyof ExperienceRules["indicators"])[];
  const rows = names.map((name) => ({ name, rule: values.indicators[name]! }));
  return (
    <RuleCard title={t("reviews.queue.score_rules")} note={t("reviews.queue.score_rules_note")} path="/operator/experience-rules" name="experience-rules" values={values} changed={JSON.stringify(values) !== JSON.stringify(page.current)} sets={page.items}>
      <div className="rules-grid">
        {COUNTS.map((rule) => (
          <Form.Item key={rule} label={t(`reviews.queue.${rule}`)} htmlFor={rule}>
            <InputNumber id={rule} min={0} precision={0} value={values[rule]} onChange={(typed) => typed !== null && setValues({ ...values, [rule]: typed })} style={{ width: "100%" }} />
          </Form.Item>
        ))}
        {PARTS.map((part) => (
          <Form.Item key={part} label={t("reviews.queue.part_weight", { part: t(`diagnosis.part.${part}`) })} htmlFor={`${part}_weight`}>
            <InputNumber id={`${part}_weight`} min={0} max={1000} value={values[`${part}_weight`]} onChange={(typed) => typed !== null && setValues({ ...values, [`${part}_weight`]: typed })} style={{ width: "100%" }} />
          </Form.Item>
        ))}
      </div>
      <Table
        size="small"
        rowKey="name"
        pagination={false}
        scroll={{ x: 720 }}
        dataSource={rows}
        columns={[
          { title: t("reviews.queue.column.indicator"), render: (_, row) => t(`diagnosis.indicator.${row.name}`) },
          ...NUMBERS.map((column) => ({
            title: t(`reviews.queue.column.${column}`),
            render: (_: unknown, row: (typeof rows)[number]) => (
              <InputNumber
                size="small"
                min={0}
                value={row.rule[column]}
                aria-label={`${t(`diagnosis.indicator.${row.name}`)} ${t(`reviews.queue.column.${column}`)}`}
                onChange={(typed) => typed !== null && setValues({ ...values, indicators: { ...values.indicators, [row.name]: { ...row.rule, [column]: typed } } })}
              />
            ),
          })),
        ]}
      />
    </RuleCard>
  );
}

interface RuleCardProps {
  title: string;
  note?: string;
  path: string;
  name: string;
  values: unknown;
  changed: boolean;
  sets: { id: number; effective_from: string; note: string; created_at: string }[];
  children: ReactNode;
}

/** A form of rules with the moment they begin, and every set that was made. */
function RuleCard({ title, note: help, path, name, values, changed, sets, children }: RuleCardProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [from, setFrom] = useState<Dayjs | null>(null);
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const save = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      await post(path, { effective_from: from?.toISOString() ?? null, note: note.trim(), values });
      await client.invalidateQueries({ queryKey: [name] });
      void message.success(t("reviews.queue.saved"));
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card title={title} size="small" className="rules-card">
      {help && <p className="wb-muted">{help}</p>}
      <Form layout="vertical">
        {children}
        <div className="rules-grid">
          <Field label={t("reviews.queue.from")}>
            <DatePicker showTime value={from} onChange={setFrom} placeholder={t("reviews.queue.from_now")} style={{ width: "100%" }} />
          </Field>
          <Form.Item label={t("reviews.queue.note_field")} htmlFor={`${name}-note`}>
            <Input id={`${name}-note`} maxLength={120} value={note} onChange={(event) => setNote(event.target.value)} />
          </Form.Item>
        </div>
        {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
        <Button type="primary" disabled={!changed} loading={busy} onClick={() => void save()} data-testid={`${name}-save`}>
          {t("reviews.queue.save")}
        </Button>
      </Form>
      {sets.length > 0 && (
        <>
          <h3>{t("reviews.queue.sets")}</h3>
          <ul>
            {sets.map((set) => (
              <li key={set.id}>
                {format.dateTime(set.effective_from)} {set.note && `· ${set.note}`}
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}
