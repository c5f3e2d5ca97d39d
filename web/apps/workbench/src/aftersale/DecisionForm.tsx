import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Card, Checkbox, Form, Input, InputNumber, Radio, Select } from "antd";
import { useState } from "react";
import type { AfterSaleDetail } from "../api/types";
import { Field, FieldGroup } from "../app/Field";
import { errorText } from "../app/errors";
import { PLATFORM_ROOT, useCaseSteps, useClauses } from "./queries";

const OUTCOMES = ["buyer_wins", "seller_wins", "closed"] as const;
const FAULTS = ["merchant", "buyer", "carrier", "none"] as const;

/** The platform's verdict: for whom, by which rule, whose fault, how much. */
export function DecisionForm({ item }: { item: AfterSaleDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { message, modal } = App.useApp();
  const clauses = useClauses();
  const steps = useCaseSteps(PLATFORM_ROOT);
  const [outcome, setOutcome] = useState<(typeof OUTCOMES)[number] | null>(null);
  const [clauseCode, setClauseCode] = useState<string | null>(null);
  const [fault, setFault] = useState<(typeof FAULTS)[number]>("none");
  const [text, setText] = useState("");
  const [instead, setInstead] = useState(false);
  const [needsReturn, setNeedsReturn] = useState(item.needs_return);
  const pays = item.pays_back || instead;
  const most = item.max.amount_minor;
  const [amount, setAmount] = useState<number | null>(item.pays_back ? item.asked.amount_minor : most);
  const [refusal, setRefusal] = useState<unknown>(null);
  const clause = clauses.data?.items.find((each) => each.code === clauseCode);
  const won = outcome === "buyer_wins";
  const ready = outcome !== null && clause && text.trim() !== "" && (!won || !pays || (amount !== null && amount > 0 && amount <= most));
  const send = async () => {
    setRefusal(null);
    try {
      await steps.step(item.case_no, "decide", {
        version: item.version,
        outcome,
        clause: clauseCode,
        fault: fault === "none" ? null : fault,
        text: text.trim(),
        picture_ids: [],
        amount_minor: won && pays ? amount : null,
        needs_return: won && needsReturn,
        refund_instead: won && instead,
      });
      void message.success(t("aftersale.decided"));
    } catch (error) {
      setRefusal(error);
    }
  };
  const ask = () =>
    modal.confirm({ title: t(`cases.verdict.${outcome}`), content: t("aftersale.decide_sure"), okText: t("aftersale.decide"), cancelText: t("actions.cancel"), onOk: send });
  return (
    <Card title={t("aftersale.decision")} data-testid="decision">
      <Form layout="vertical">
        <FieldGroup label={t("aftersale.outcome")} required>
          <Radio.Group value={outcome} onChange={(event) => setOutcome(event.target.value)} options={OUTCOMES.map((value) => ({ value, label: t(`cases.verdict.${value}`) }))} data-testid="outcome" />
        </FieldGroup>
        <Field label={t("aftersale.clause")} required>
          <Select
            value={clauseCode}
            onChange={(code: string) => setClauseCode(code)}
            loading={clauses.isPending}
            options={(clauses.data?.items ?? []).map((each) => ({ value: each.code, label: each.source }))}
            placeholder={t("aftersale.pick_clause")}
            data-testid="clause"
          />
        </Field>
        {clause && <blockquote className="case-clause">{format.language === "en" ? clause.text_en : clause.text}</blockquote>}
        <FieldGroup label={t("aftersale.fault")}>
          <Radio.Group value={fault} onChange={(event) => setFault(event.target.value)} options={FAULTS.map((value) => ({ value, label: t(`cases.fault.${value}`) }))} />
        </FieldGroup>
        {won && !item.pays_back && (
          <Form.Item>
            <Checkbox checked={instead} onChange={(event) => setInstead(event.target.checked)}>
              {t("aftersale.refund_instead")}
            </Checkbox>
          </Form.Item>
        )}
        {won && pays && (
          <Field label={t("aftersale.grant_amount")} required help={t("aftersale.at_most", { amount: format.money(item.max, true) })}>
            <InputNumber
              min={0.01}
              max={most / 100}
              precision={2}
              value={amount === null ? null : amount / 100}
              onChange={(value) => setAmount(value === null ? null : Math.round(value * 100))}
              style={{ width: "100%" }}
              data-testid="grant-amount"
            />
          </Field>
        )}
        {won && item.return_address === null && (
          <Form.Item>
            <Checkbox checked={needsReturn} onChange={(event) => setNeedsReturn(event.target.checked)}>
              {t("aftersale.goods_first")}
            </Checkbox>
          </Form.Item>
        )}
        <Field label={t("aftersale.opinion")} required>
          <Input.TextArea rows={4} maxLength={500} showCount value={text} onChange={(event) => setText(event.target.value)} data-testid="opinion" />
        </Field>
        {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
        <Button type="primary" block disabled={!ready} onClick={ask} data-testid="decide">
          {t("aftersale.decide")}
        </Button>
      </Form>
    </Card>
  );
}
