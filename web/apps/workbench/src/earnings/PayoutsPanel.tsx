import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, Button, Form, Input, Tag } from "antd";
import { useState } from "react";
import { moneyToInput } from "../format/money-input";
import { amountOf, amountProblem } from "../funds/amounts";
import { AskDialog } from "../funds/dialogs";
import { type DataColumn, DataTable } from "../table/DataTable";
import { EmptyList } from "../table/EmptyList";
import { usePages } from "../table/use-pages";
import { type Earnings, type Payee, type Payout, payoutsPage, useEarningActions, useQuote } from "./queries";

const COLOUR = { asked: "processing", unknown: "warning", paid: "success", failed: "error" } as const;

/** Payouts with what was withheld, and the dialogs to ask for one and to name the bank account. */
export function PayoutsPanel({ shopId, path, payee, earnings, editable }: { shopId: number; path: string; payee: Payee; earnings: Earnings; editable: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [open, setOpen] = useState<"payout" | "account" | null>(null);
  const pages = usePages<Payout>(["earnings", path, "payouts"], payoutsPage(path));
  const money = (sum: { amount_minor: number; currency: string }) => format.money(sum, true);
  const account = earnings.payout_account;
  const state = (row: Payout) => <Tag color={COLOUR[row.state]}>{t(`earnings.payout_state.${row.state}`)}</Tag>;
  const columns: DataColumn<Payout>[] = [
    { key: "no", title: t("earnings.column.payout"), width: 220, fixed: "left", render: (row) => row.withdrawal_no },
    { key: "state", title: t("alliance.column.state"), width: 120, render: state },
    { key: "net", title: t("earnings.column.net"), width: 130, align: "right", render: (row) => <strong>{money(row.amount)}</strong> },
    { key: "tax", title: t("earnings.column.tax"), width: 130, align: "right", render: (row) => money(row.tax) },
    { key: "to", title: t("earnings.column.to"), width: 220, render: (row) => `${row.holder} ${row.bank_name} …${row.number_end}` },
    { key: "asked", title: t("earnings.column.asked"), width: 180, render: (row) => format.dateTime(row.asked_at) },
    { key: "reference", title: t("earnings.column.reference"), width: 200, extra: true, render: (row) => row.bank_reference || row.failure },
  ];
  return (
    <>
      {earnings.hold_reason !== null && <Alert type="warning" showIcon title={t("earnings.held", { reason: earnings.hold_reason })} />}
      <div className="wb-filters">
        {editable && (
          <>
            <Button type="primary" disabled={account === null || earnings.hold_reason !== null || payee.available_minor < earnings.min_withdrawal_minor} onClick={() => setOpen("payout")} data-testid="payout-ask">
              {t("earnings.pay_out")}
            </Button>
            <Button onClick={() => setOpen("account")} data-testid="payout-account">
              {t(account ? "funds.change_account" : "funds.name_account")}
            </Button>
          </>
        )}
        <span className="wb-muted">
          {account ? t("funds.goes_to", { holder: account.holder, bank: account.bank_name, end: account.number_end }) : t("funds.no_account")}
          {" · "}
          {t("earnings.month", { paid: money({ amount_minor: earnings.paid_month_minor, currency: payee.currency }), tax: money({ amount_minor: earnings.withheld_month_minor, currency: payee.currency }) })}
        </span>
      </div>
      <DataTable
        name="payouts"
        columns={columns}
        rowKey={(row) => row.withdrawal_no}
        pages={pages}
        rowTestId="payout"
        empty={<EmptyList filtered={false} onReset={() => undefined} title={t("earnings.no_payouts")} help={t("earnings.no_payouts_help")} />}
        renderCard={(row) => (
          <>
            <div>
              {money(row.amount)} {state(row)}
            </div>
            <div className="wb-muted">
              {t("earnings.column.tax")} {money(row.tax)} · {format.dateTime(row.asked_at)}
            </div>
          </>
        )}
      />
      {open === "payout" && <PayoutDialog path={path} payee={payee} earnings={earnings} shopId={shopId} onClose={() => setOpen(null)} />}
      {open === "account" && <PayoutAccountDialog shopId={shopId} onClose={() => setOpen(null)} />}
    </>
  );
}

function PayoutDialog({ shopId, path, payee, earnings, onClose }: { shopId: number; path: string; payee: Payee; earnings: Earnings; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { payOut } = useEarningActions(shopId);
  const [typed, setTyped] = useState(moneyToInput(Math.max(payee.available_minor, 0)));
  // One key for one dialog: pressing twice, or again after a lost answer, asks once.
  const [key] = useState(() => crypto.randomUUID());
  const problem = amountProblem(typed, { least_minor: earnings.min_withdrawal_minor, most_minor: payee.available_minor });
  const quote = useQuote(path, problem === null ? amountOf(typed) : null);
  const money = (amount_minor: number) => format.money({ amount_minor, currency: payee.currency }, true);
  return (
    <AskDialog title={t("earnings.pay_out")} confirm={t("earnings.pay_out")} done={t("earnings.asked")} ready={problem === null} onSend={() => payOut(path, amountOf(typed), `${key}-${amountOf(typed)}`)} onClose={onClose}>
      {(tried) => (
        <>
          <Form.Item label={t("funds.field.amount")} htmlFor="payout-amount" {...(tried && problem ? { validateStatus: "error" as const, help: t(`funds.wrong.${problem}`) } : {})}>
            <Input id="payout-amount" prefix="¥" inputMode="decimal" value={typed} onChange={(event) => setTyped(event.target.value)} data-testid="payout-amount" />
          </Form.Item>
          {quote.data && problem === null && <p data-testid="payout-quote">{t("earnings.quote", { gross: money(quote.data.gross_minor), tax: money(quote.data.tax_minor), net: money(quote.data.net_minor) })}</p>}
          {quote.data && problem === null && quote.data.exempt_minor > 0 && <p className="wb-muted">{t("earnings.quote_exempt", { exempt: money(quote.data.exempt_minor) })}</p>}
          <p className="wb-muted">{t(`earnings.tax_help.${earnings.tax_kind}`)}</p>
        </>
      )}
    </AskDialog>
  );
}

const FIELDS = ["holder", "bank_name", "number"] as const;

function PayoutAccountDialog({ shopId, onClose }: { shopId: number; onClose: () => void }) {
  const { t } = useTranslation();
  const { setAccount } = useEarningActions(shopId);
  const [typed, setTyped] = useState({ holder: "", bank_name: "", number: "" });
  const number = typed.number.replace(/\s/g, "").toUpperCase();
  const wrong = { holder: typed.holder.trim() === "", bank_name: typed.bank_name.trim() === "", number: !/^[0-9A-Z]{8,34}$/.test(number) };
  return (
    <AskDialog title={t("funds.name_account")} confirm={t("actions.save")} done={t("funds.account_done")} ready={!Object.values(wrong).some(Boolean)} onSend={() => setAccount({ ...typed, number })} onClose={onClose}>
      {(tried) =>
        FIELDS.map((name) => (
          <Form.Item key={name} label={t(`funds.field.${name}`)} htmlFor={`payout-${name}`} {...(tried && wrong[name] ? { validateStatus: "error" as const, help: t(`funds.wrong.${name}`) } : {})}>
            <Input id={`payout-${name}`} value={typed[name]} maxLength={60} onChange={(event) => setTyped({ ...typed, [name]: event.target.value })} />
          </Form.Item>
        ))
      }
    </AskDialog>
  );
}
