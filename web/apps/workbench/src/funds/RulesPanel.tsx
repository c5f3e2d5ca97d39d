import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Card, DatePicker, Form, Input, InputNumber, Popconfirm, Skeleton, Table, Tag } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import { errorText } from "../app/errors";
import { amountOf } from "./amounts";
import { ShopPicker } from "../operator/shops";
import { AskDialog } from "./dialogs";
import { type Terms, useOperatorActions, useTerms } from "./queries";
import { readTiers } from "./tiers";

/** Settlement periods: what is in effect, what was, what will be; and a shop's score. */
export function RulesPanel() {
  const { t } = useTranslation();
  const terms = useTerms();
  const [open, setOpen] = useState<"rule" | "score" | null>(null);
  if (terms.isPending) return <Skeleton active paragraph={{ rows: 6 }} className="wb-panel" />;
  if (terms.isError) return <ErrorView error={terms.error} onRetry={() => void terms.refetch()} />;
  return (
    <>
      <div className="wb-filters">
        <Button type="primary" onClick={() => setOpen("rule")} data-testid="new-rule">
          {t("funds.platform.new_rule")}
        </Button>
        <Button onClick={() => setOpen("score")} data-testid="new-score">
          {t("funds.platform.set_score")}
        </Button>
      </div>
      <Card size="small" className="wb-section" title={t("funds.platform.in_effect")}>
        <Words terms={terms.data} />
      </Card>
      <Rules terms={terms.data} />
      {open === "rule" && <RuleDialog onClose={() => setOpen(null)} />}
      {open === "score" && <ScoreDialog onClose={() => setOpen(null)} />}
    </>
  );
}

function Words({ terms }: { terms: Pick<Terms, "tiers" | "unrated_days" | "min_withdrawal_minor"> }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      {terms.tiers.map((tier) => (
        <Tag key={tier.min_score}>{t("funds.platform.tier", { score: tier.min_score, days: tier.days })}</Tag>
      ))}
      <Tag>{t("funds.platform.unrated", { days: terms.unrated_days })}</Tag>
      <Tag>{t("funds.platform.least", { sum: format.money({ amount_minor: terms.min_withdrawal_minor, currency: "CNY" }) })}</Tag>
    </>
  );
}

function Rules({ terms }: { terms: Terms }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { message } = App.useApp();
  const { removeRule } = useOperatorActions();
  const [now] = useState(() => Date.now());
  const ahead = (moment: string) => new Date(moment).getTime() > now;
  const take = (id: number) => removeRule(id).catch((error: unknown) => void message.error(errorText(t, error)));
  if (terms.rules.length === 0) return <p className="wb-muted">{t("funds.platform.no_rules")}</p>;
  return (
    <Table
      size="small"
      rowKey="id"
      dataSource={terms.rules}
      pagination={{ pageSize: 20, hideOnSinglePage: true }}
      scroll={{ x: "max-content" }}
      columns={[
        { key: "from", title: t("funds.platform.from"), render: (_, rule) => format.dateTime(rule.effective_from) },
        { key: "terms", title: t("funds.platform.terms"), render: (_, rule) => <Words terms={{ ...rule, tiers: rule.tiers }} /> },
        { key: "note", title: t("funds.column.reason"), render: (_, rule) => rule.note || "–" },
        {
          key: "actions",
          title: t("table.actions"),
          render: (_, rule) =>
            ahead(rule.effective_from) && (
              <Popconfirm title={t("funds.platform.remove_sure")} onConfirm={() => take(rule.id)} okText={t("funds.platform.remove")} cancelText={t("actions.cancel")}>
                <Button size="small" danger>
                  {t("funds.platform.remove")}
                </Button>
              </Popconfirm>
            ),
        },
      ]}
    />
  );
}

function RuleDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { addRule } = useOperatorActions();
  const [now] = useState(() => Date.now());
  const [from, setFrom] = useState("");
  const [tiers, setTiers] = useState("");
  const [unrated, setUnrated] = useState<number | null>(7);
  const [least, setLeast] = useState("1");
  const [note, setNote] = useState("");
  const read = readTiers(tiers);
  const wrong = { from: !(new Date(from).getTime() > now), tiers: read === null, unrated: unrated === null, least: amountOf(least) < 1 };
  const send = () => addRule({ effective_from: new Date(from).toISOString(), tiers: read ?? [], unrated_days: unrated ?? 0, min_withdrawal_minor: amountOf(least), note });
  const item = (tried: boolean, name: keyof typeof wrong, child: React.ReactNode) => (
    <Form.Item label={t(`funds.platform.field.${name}`)} htmlFor={`rule-${name}`} {...(tried && wrong[name] ? { validateStatus: "error" as const, help: t(`funds.platform.wrong.${name}`) } : {})}>
      {child}
    </Form.Item>
  );
  return (
    <AskDialog title={t("funds.platform.new_rule")} confirm={t("actions.save")} done={t("funds.platform.saved")} ready={!Object.values(wrong).some(Boolean)} onSend={send} onClose={onClose}>
      {(tried) => (
        <>
          {item(tried, "from", <Input id="rule-from" type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} data-testid="rule-from" />)}
          {item(tried, "tiers", <Input.TextArea id="rule-tiers" rows={3} placeholder={t("funds.platform.tiers_example")} value={tiers} onChange={(event) => setTiers(event.target.value)} data-testid="rule-tiers" />)}
          {item(tried, "unrated", <InputNumber id="rule-unrated" min={0} max={180} precision={0} value={unrated} onChange={setUnrated} />)}
          {item(tried, "least", <Input id="rule-least" prefix="¥" value={least} onChange={(event) => setLeast(event.target.value)} />)}
          <Form.Item label={t("funds.column.reason")} htmlFor="rule-note">
            <Input id="rule-note" maxLength={200} value={note} onChange={(event) => setNote(event.target.value)} />
          </Form.Item>
          <p className="wb-muted">{t("funds.platform.rule_help")}</p>
        </>
      )}
    </AskDialog>
  );
}

function ScoreDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { setScore } = useOperatorActions();
  const [shop, setShop] = useState<number | null>(null);
  const [score, setValue] = useState<number | null>(null);
  const [until, setUntil] = useState<string | null>(null);
  const [note, setNote] = useState("");
  return (
    <AskDialog title={t("funds.platform.set_score")} confirm={t("actions.save")} done={t("funds.platform.saved")} ready={shop !== null && score !== null} onSend={() => setScore({ shop_id: shop ?? 0, score: score ?? 0, until, note })} onClose={onClose}>
      {() => (
        <>
          <Form.Item label={t("funds.platform.field.shop")} htmlFor="score-shop">
            <ShopPicker id="score-shop" kind="merchant" value={shop} onChange={setShop} />
          </Form.Item>
          <Form.Item label={t("funds.platform.field.score")} htmlFor="score-value">
            <InputNumber id="score-value" min={0} max={100} precision={0} value={score} onChange={setValue} />
          </Form.Item>
          <Form.Item label={t("funds.platform.field.until")} htmlFor="score-until" extra={t("funds.platform.until_help")}>
            <DatePicker id="score-until" showTime={{ format: "HH:mm" }} minDate={dayjs()} value={until ? dayjs(until) : null} onChange={(chosen) => setUntil(chosen?.toISOString() ?? null)} />
          </Form.Item>
          <Form.Item label={t("funds.platform.field.note")} htmlFor="score-note">
            <Input id="score-note" maxLength={200} value={note} onChange={(event) => setNote(event.target.value)} />
          </Form.Item>
        </>
      )}
    </AskDialog>
  );
}
