import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Form, Input, InputNumber, Popconfirm, Skeleton, Space, Table } from "antd";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import { errorText } from "../app/errors";
import { parseMoney } from "../format/money-input";
import { AskDialog } from "../funds/dialogs";
import { CategoryPicker } from "../products/CategoryPicker";
import { EmptyList } from "../table/EmptyList";
import { type DepositRule, usePlatformActions, useRules } from "./queries";

/** What deposits are due from when on; a rule that is in effect stays. */
export function RulesPanel() {
  const { t } = useTranslation();
  const format = useFormat();
  const rules = useRules();
  const { message } = App.useApp();
  const { removeRule } = usePlatformActions();
  const [open, setOpen] = useState(false);
  const [now] = useState(() => Date.now());
  if (rules.isPending) return <Skeleton active paragraph={{ rows: 4 }} className="wb-panel" />;
  if (rules.isError) return <ErrorView error={rules.error} onRetry={() => void rules.refetch()} />;
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen(true)} data-testid="new-deposit-rule">
      {t("deposits.new_rule")}
    </Button>
  );
  const money = (amount_minor: number) => format.money({ amount_minor, currency: "CNY" }, true);
  const take = (id: number) => removeRule(id).catch((error: unknown) => message.error(errorText(t, error)));
  return (
    <>
      {rules.data.length === 0 ? (
        <div className="wb-panel">
          <EmptyList filtered={false} onReset={() => undefined} title={t("deposits.no_rules")} help={t("deposits.no_rules_help")} action={add} />
        </div>
      ) : (
        <>
          <div className="wb-filters">{add}</div>
          <Table<DepositRule>
            size="small"
            rowKey="id"
            dataSource={rules.data}
            pagination={{ pageSize: 20, hideOnSinglePage: true }}
            scroll={{ x: "max-content" }}
            columns={[
              { key: "from", title: t("deposits.rule.from"), render: (_, rule) => format.dateTime(rule.effective_from) },
              { key: "company", title: t("deposits.shop_kind.company"), align: "right", render: (_, rule) => money(rule.company_minor) },
              { key: "individual", title: t("deposits.shop_kind.individual"), align: "right", render: (_, rule) => money(rule.individual_minor) },
              { key: "categories", title: t("deposits.rule.categories"), align: "right", render: (_, rule) => rule.categories.length },
              { key: "times", title: t("deposits.rule.times"), render: (_, rule) => t("deposits.rule.times_words", { grace: rule.grace_days, remind: rule.remind_days, release: rule.release_days }) },
              { key: "note", title: t("deposits.column.reason"), render: (_, rule) => rule.note || "–" },
              {
                key: "actions",
                title: t("table.actions"),
                render: (_, rule) =>
                  new Date(rule.effective_from).getTime() > now && (
                    <Popconfirm title={t("deposits.remove_sure")} onConfirm={() => take(rule.id)} okText={t("deposits.remove")} cancelText={t("actions.cancel")}>
                      <Button size="small" danger>
                        {t("deposits.remove")}
                      </Button>
                    </Popconfirm>
                  ),
              },
            ]}
          />
        </>
      )}
      {open && <RuleDialog before={rules.data[0]} onClose={() => setOpen(false)} />}
    </>
  );
}

interface Row {
  category: number | undefined;
  company: string;
  individual: string;
}

const text = (minor: number | undefined) => (minor === undefined ? "" : String(minor / 100));
const minorOf = (typed: string) => {
  const read = parseMoney(typed);
  return read.ok ? read.amount_minor : null;
};

function RuleDialog({ before, onClose }: { before: DepositRule | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const { addRule } = usePlatformActions();
  const [now] = useState(() => Date.now());
  const [typed, setTyped] = useState({ from: "", company: text(before?.company_minor), individual: text(before?.individual_minor), note: "" });
  const [days, setDays] = useState({ grace_days: before?.grace_days ?? 7, remind_days: before?.remind_days ?? 1, release_days: before?.release_days ?? 30 });
  const [rows, setRows] = useState<Row[]>(() => (before?.categories ?? []).map((row) => ({ category: row.category_id, company: text(row.company_minor), individual: text(row.individual_minor) })));
  const change = (index: number, part: Partial<Row>) => setRows(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
  const amounts = [typed.company, typed.individual, ...rows.flatMap((row) => [row.company, row.individual])].map(minorOf);
  const ready = new Date(typed.from).getTime() > now && amounts.every((amount) => amount !== null) && rows.every((row) => row.category !== undefined) && days.remind_days <= days.grace_days;
  const send = () =>
    addRule({
      effective_from: new Date(typed.from).toISOString(),
      company_minor: minorOf(typed.company) ?? 0,
      individual_minor: minorOf(typed.individual) ?? 0,
      categories: rows.map((row) => ({ category_id: row.category ?? 0, company_minor: minorOf(row.company) ?? 0, individual_minor: minorOf(row.individual) ?? 0 })),
      ...days,
      note: typed.note.trim(),
    });
  return (
    <AskDialog title={t("deposits.new_rule")} confirm={t("actions.save")} done={t("deposits.saved")} ready={ready} onSend={send} onClose={onClose}>
      {(tried) => (
        <>
          <Form.Item label={t("deposits.rule.from")} htmlFor="deposit-from">
            <Input id="deposit-from" type="datetime-local" value={typed.from} onChange={(event) => setTyped({ ...typed, from: event.target.value })} />
          </Form.Item>
          <Space>
            {(["company", "individual"] as const).map((kind) => (
              <Form.Item key={kind} label={t(`deposits.shop_kind.${kind}`)} htmlFor={`deposit-${kind}`}>
                <Input id={`deposit-${kind}`} prefix="¥" inputMode="decimal" value={typed[kind]} onChange={(event) => setTyped({ ...typed, [kind]: event.target.value })} />
              </Form.Item>
            ))}
          </Space>
          {rows.map((row, index) => (
            // Rows have no identity but their place.
            // oxlint-disable-next-line react/no-array-index-key
            <Space key={index} className="wb-section" wrap>
              <CategoryPicker value={row.category} onChange={(category) => change(index, { category })} anyLevel />
              <Input aria-label={t("deposits.shop_kind.company")} prefix="¥" inputMode="decimal" value={row.company} onChange={(event) => change(index, { company: event.target.value })} />
              <Input aria-label={t("deposits.shop_kind.individual")} prefix="¥" inputMode="decimal" value={row.individual} onChange={(event) => change(index, { individual: event.target.value })} />
              <Button type="text" icon={<DeleteOutlined />} aria-label={t("deposits.remove")} onClick={() => setRows(rows.filter((_, at) => at !== index))} />
            </Space>
          ))}
          <Button icon={<PlusOutlined />} onClick={() => setRows([...rows, { category: undefined, company: "", individual: "" }])}>
            {t("deposits.rule.add_category")}
          </Button>
          <Space>
            {(["grace_days", "remind_days", "release_days"] as const).map((name) => (
              <Form.Item key={name} label={t(`deposits.rule.${name}`)} htmlFor={`deposit-${name}`}>
                <InputNumber id={`deposit-${name}`} min={0} max={180} precision={0} value={days[name]} onChange={(value) => setDays({ ...days, [name]: value ?? 0 })} />
              </Form.Item>
            ))}
          </Space>
          <Form.Item label={t("deposits.column.reason")} htmlFor="deposit-note">
            <Input id="deposit-note" maxLength={200} value={typed.note} onChange={(event) => setTyped({ ...typed, note: event.target.value })} />
          </Form.Item>
          <p className="wb-muted">{t("deposits.rule.help")}</p>
          {tried && !ready && <p role="alert">{t("deposits.rule.wrong")}</p>}
        </>
      )}
    </AskDialog>
  );
}
