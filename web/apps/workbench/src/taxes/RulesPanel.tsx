import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Form, Input, Popconfirm, Select, Skeleton, Table, Tag } from "antd";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import { errorText } from "../app/errors";
import { parseMoney } from "../format/money-input";
import { AskDialog } from "../funds/dialogs";
import { EmptyList } from "../table/EmptyList";
import { readBrackets } from "./brackets";
import { type WithholdingRule, useTaxActions, useWithholding } from "./queries";

/** By which rules tax is withheld of payouts, from when on; one that is in effect stays. */
export function RulesPanel() {
  const { t } = useTranslation();
  const format = useFormat();
  const { message } = App.useApp();
  const rules = useWithholding();
  const { removeRule } = useTaxActions();
  const [open, setOpen] = useState(false);
  const [now] = useState(() => Date.now());
  if (rules.isPending) return <Skeleton active paragraph={{ rows: 4 }} className="wb-panel" />;
  if (rules.isError) return <ErrorView error={rules.error} onRetry={() => void rules.refetch()} />;
  const add = (
    <Button type="primary" onClick={() => setOpen(true)} data-testid="new-withholding">
      {t("taxes.new_rule")}
    </Button>
  );
  const ahead = (rule: WithholdingRule) => new Date(rule.effective_from).getTime() > now;
  const state = (rule: WithholdingRule) => (ahead(rule) ? "future" : rule.in_effect ? "in_effect" : "past");
  const take = (id: number) => removeRule(id).catch((error: unknown) => message.error(errorText(t, error)));
  return (
    <>
      <p className="wb-muted">{t("taxes.rules_note")}</p>
      {rules.data.length === 0 ? (
        <div className="wb-panel">
          <EmptyList filtered={false} onReset={() => undefined} title={t("taxes.no_rules")} help={t("taxes.no_rules_help")} action={add} />
        </div>
      ) : (
        <>
          <div className="wb-filters">{add}</div>
          <Table<WithholdingRule>
            size="small"
            rowKey="id"
            dataSource={rules.data}
            pagination={{ pageSize: 20, hideOnSinglePage: true }}
            scroll={{ x: "max-content" }}
            columns={[
              { key: "kind", title: t("taxes.rule.kind"), render: (_, rule) => t(`taxes.rule_of.${rule.kind}`) },
              { key: "from", title: t("taxes.rule.from"), render: (_, rule) => format.dateTime(rule.effective_from) },
              { key: "state", title: t("funds.column.state"), render: (_, rule) => <Tag color={state(rule) === "in_effect" ? "success" : "default"}>{t(`taxes.${state(rule)}`)}</Tag> },
              { key: "brackets", title: t("taxes.rule.brackets"), render: (_, rule) => <Words rule={rule} /> },
              { key: "note", title: t("taxes.remark"), render: (_, rule) => rule.note || "–" },
              {
                key: "actions",
                title: t("table.actions"),
                render: (_, rule) =>
                  ahead(rule) && (
                    <Popconfirm title={t("taxes.remove_sure")} onConfirm={() => take(rule.id)} okText={t("taxes.remove")} cancelText={t("actions.cancel")}>
                      <Button size="small" danger>
                        {t("taxes.remove")}
                      </Button>
                    </Popconfirm>
                  ),
              },
            ]}
          />
        </>
      )}
      {open && <RuleDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function Words({ rule }: { rule: WithholdingRule }) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = (amount_minor: number) => format.money({ amount_minor, currency: "CNY" });
  if (rule.brackets.length === 0) return t("taxes.rule.no_tax");
  return (
    <>
      {(rule.allowance_minor > 0 || rule.deduct_bp > 0) && <Tag>{t("taxes.rule.free", { sum: money(rule.allowance_minor), percent: rule.deduct_bp / 100 })}</Tag>}
      {rule.brackets.map((part) => (
        <Tag key={part.up_to_minor ?? 0}>{part.up_to_minor ? t("taxes.rule.up_to", { sum: money(part.up_to_minor), percent: part.rate_bp / 100 }) : t("taxes.rule.above", { percent: part.rate_bp / 100 })}</Tag>
      ))}
    </>
  );
}

function RuleDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { addRule } = useTaxActions();
  const [now] = useState(() => Date.now());
  const [kind, setKind] = useState<WithholdingRule["kind"]>("individual");
  const [typed, setTyped] = useState({ from: "", allowance: "0", deduct: "0", brackets: "", note: "" });
  const allowance = parseMoney(typed.allowance);
  const percent = Number(typed.deduct);
  const brackets = readBrackets(typed.brackets);
  const ready = new Date(typed.from).getTime() > now && allowance.ok && typed.deduct.trim() !== "" && percent >= 0 && percent <= 100 && brackets !== null;
  const send = () =>
    addRule({
      kind,
      effective_from: new Date(typed.from).toISOString(),
      allowance_minor: allowance.ok ? allowance.amount_minor : 0,
      deduct_bp: Math.round(percent * 100),
      brackets: brackets ?? [],
      note: typed.note.trim(),
    });
  const field = (name: keyof typeof typed, label: string, type = "text") => (
    <Form.Item label={label} htmlFor={`withholding-${name}`}>
      <Input id={`withholding-${name}`} type={type} maxLength={200} value={typed[name]} onChange={(event) => setTyped({ ...typed, [name]: event.target.value })} data-testid={`withholding-${name}`} />
    </Form.Item>
  );
  return (
    <AskDialog title={t("taxes.new_rule")} confirm={t("actions.save")} done={t("taxes.saved")} ready={ready} onSend={send} onClose={onClose}>
      {(tried) => (
        <>
          <Form.Item label={t("taxes.rule.kind")} htmlFor="withholding-kind">
            <Select id="withholding-kind" value={kind} onChange={setKind} options={(["individual", "company"] as const).map((value) => ({ value, label: t(`taxes.rule_of.${value}`) }))} />
          </Form.Item>
          {field("from", t("taxes.rule.from"), "datetime-local")}
          {field("allowance", t("taxes.rule.allowance"))}
          {field("deduct", t("taxes.rule.deduct"))}
          <Form.Item label={t("taxes.rule.brackets")} htmlFor="withholding-brackets">
            <Input.TextArea id="withholding-brackets" rows={4} placeholder={t("taxes.rule.example")} value={typed.brackets} onChange={(event) => setTyped({ ...typed, brackets: event.target.value })} data-testid="withholding-brackets" />
          </Form.Item>
          {field("note", t("taxes.remark"))}
          {tried && !ready && <p role="alert">{t("taxes.rule.wrong")}</p>}
        </>
      )}
    </AskDialog>
  );
}
