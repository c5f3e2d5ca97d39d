import { useFormat, useTranslation } from "@xingqu/i18n";
import { Button, DatePicker, Form, InputNumber, Skeleton } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import { AskDialog } from "../funds/dialogs";
import { type RuleSets, useAddRules, useRuleSets } from "./queries";

/** Periods and limits: those in force, those to come, and a new set from a day on. */
export function RulesPanel() {
  const { t } = useTranslation();
  const format = useFormat();
  const found = useRuleSets();
  const [adding, setAdding] = useState(false);
  if (found.isPending) return <Skeleton active paragraph={{ rows: 4 }} />;
  if (found.isError) return <ErrorView error={found.error} onRetry={() => void found.refetch()} />;
  const coming = found.data.sets.filter((set) => dayjs(set.effective_from).isAfter(dayjs()));
  return (
    <section className="wb-panel" aria-labelledby="collab-rules">
      <h2 id="collab-rules">{t("collab.rules.title")}</h2>
      <p className="wb-muted">{t("collab.rules.help")}</p>
      <ul className="wb-plain-list wb-facts">
        {Object.entries(found.data.current).map(([name, value]) => (
          <li key={name}>
            {t(`collab.rules.name.${name}`)} <strong className="wb-number">{format.number(value / scale(name))}</strong>
          </li>
        ))}
      </ul>
      {coming.map((set) => (
        <p key={set.id}>{t("collab.rules.coming", { when: format.dateTime(set.effective_from), note: set.note })}</p>
      ))}
      <Button onClick={() => setAdding(true)}>{t("collab.rules.add")}</Button>
      {adding && <RulesDialog current={found.data.current} onClose={() => setAdding(false)} />}
    </section>
  );
}

/** Periods are shown and typed in hours, parts in per cent, amounts in whole units. */
function scale(name: string): number {
  return name.endsWith("_s") ? 3600 : name.endsWith("_bp") || name.endsWith("_minor") ? 100 : 1;
}

function RulesDialog({ current, onClose }: { current: RuleSets["current"]; onClose: () => void }) {
  const { t } = useTranslation();
  const add = useAddRules();
  const [values, setValues] = useState(current);
  const [day, setDay] = useState(() => dayjs().add(1, "day").startOf("day"));
  return (
    <AskDialog title={t("collab.rules.add")} confirm={t("actions.save")} done={t("collab.done")} ready onSend={() => add({ effective_from: day.toISOString(), values })} onClose={onClose}>
      {() => (
        <>
          <Form.Item label={t("collab.rules.from")} htmlFor="rules-from">
            <DatePicker id="rules-from" value={day} minDate={dayjs().add(1, "day")} onChange={(value) => value && setDay(value.startOf("day"))} />
          </Form.Item>
          {Object.entries(values).map(([name, value]) => (
            <Form.Item key={name} label={t(`collab.rules.name.${name}`)} htmlFor={`rule-${name}`}>
              <InputNumber id={`rule-${name}`} min={0} value={value / scale(name)} onChange={(next) => setValues({ ...values, [name]: Math.round((next ?? 0) * scale(name)) })} />
            </Form.Item>
          ))}
        </>
      )}
    </AskDialog>
  );
}
