import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, DatePicker, Form, Input, InputNumber, Skeleton, Tag } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { get, post } from "../api/http";
import { ErrorView } from "../app/ErrorView";
import { FieldGroup } from "../app/Field";
import { AskDialog } from "../funds/dialogs";
import { Formula } from "./Formula";
import type { ReputationRules, ReputationRulesPage } from "./queries";

const ADDRESS = "/operator/creator-reputation-rules";
const PLAIN = ["window_days", "gmv_days", "credit_days", "min_orders", "serious_weight", "sample_breach_points", "collaboration_broken_points", "general_points", "serious_points"] as const;

/** For operators: the numbers of creators' scores, levels and credit, and a new set from a moment on. */
export function RulesPanel() {
  const { t } = useTranslation();
  const format = useFormat();
  const found = useQuery({ queryKey: ["reputation-rules"], queryFn: ({ signal }) => get<ReputationRulesPage>(ADDRESS, undefined, signal) });
  const [adding, setAdding] = useState(false);
  if (found.isPending) return <Skeleton active />;
  if (found.isError) return <ErrorView error={found.error} onRetry={() => void found.refetch()} />;
  return (
    <section className="wb-panel wb-section" aria-labelledby="reputation-rules">
      <h2 id="reputation-rules">{t("reputation.rules.title")}</h2>
      <p className="wb-muted">{t("reputation.rules.help")}</p>
      <ul className="wb-plain-list wb-facts">
        {PLAIN.map((name) => (
          <li key={name}>
            {t(`reputation.rules.name.${name}`)} <strong className="wb-number">{found.data.current[name]}</strong>
          </li>
        ))}
      </ul>
      <Formula rules={found.data.current} />
      {found.data.items.length > 0 && (
        <ul className="wb-plain-list">
          {found.data.items.map((set) => (
            <li key={set.id} className="wb-muted">
              {format.dateTime(set.effective_from)} {set.note} {set.in_force && <Tag color="green">{t("governance.state.valid")}</Tag>}
            </li>
          ))}
        </ul>
      )}
      <Button onClick={() => setAdding(true)} data-testid="reputation-rules-add">
        {t("reputation.rules.add")}
      </Button>
      {adding && <Dialog current={found.data.current} onClose={() => setAdding(false)} />}
    </section>
  );
}

function Dialog({ current, onClose }: { current: ReputationRules; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [values, setValues] = useState(current);
  const [note, setNote] = useState("");
  const [from, setFrom] = useState(() => dayjs().add(1, "day").startOf("day"));
  const send = async () => {
    client.setQueryData(["reputation-rules"], await post<ReputationRulesPage>(ADDRESS, { values, note: note.trim(), effective_from: from.toISOString() }));
  };
  const levels = (place: number, name: "min_gmv_minor" | "min_followers" | "min_score", value: number) => setValues({ ...values, levels: values.levels.map((level, at) => (at === place ? { ...level, [name]: value } : level)) });
  return (
    <AskDialog title={t("reputation.rules.add")} confirm={t("actions.save")} done={t("reputation.rules.done")} ready onSend={send} onClose={onClose}>
      {() => (
        <>
          <Form.Item label={t("reputation.rules.from")} htmlFor="reputation-from">
            <DatePicker id="reputation-from" showTime allowClear={false} value={from} minDate={dayjs()} onChange={(value) => value && setFrom(value)} />
          </Form.Item>
          {PLAIN.map((name) => (
            <Form.Item key={name} label={t(`reputation.rules.name.${name}`)} htmlFor={`reputation-${name}`}>
              <InputNumber id={`reputation-${name}`} min={0} precision={0} value={values[name]} onChange={(value) => setValues({ ...values, [name]: value ?? 0 })} />
            </Form.Item>
          ))}
          {values.levels.map((level, place) => (
            <FieldGroup key={place} label={t("reputation.level_name", { level: place + 1 })}>
              <InputNumber min={0} prefix="¥" aria-label={t("reputation.gmv", { days: values.gmv_days })} value={level.min_gmv_minor / 100} onChange={(value) => levels(place, "min_gmv_minor", Math.round((value ?? 0) * 100))} />{" "}
              <InputNumber min={0} precision={0} aria-label={t("reputation.followers")} value={level.min_followers} onChange={(value) => levels(place, "min_followers", value ?? 0)} />{" "}
              <InputNumber min={0} max={100} precision={0} aria-label={t("reputation.score")} value={level.min_score} onChange={(value) => levels(place, "min_score", value ?? 0)} />
            </FieldGroup>
          ))}
          <Form.Item label={t("reputation.rules.note")} htmlFor="reputation-note">
            <Input id="reputation-note" maxLength={120} value={note} onChange={(event) => setNote(event.target.value)} />
          </Form.Item>
        </>
      )}
    </AskDialog>
  );
}
