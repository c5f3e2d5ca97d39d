import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, App, Form, Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { errorText } from "../app/errors";
import { moneyToInput } from "../format/money-input";
import { type AmountProblem, amountOf, amountProblem } from "./amounts";
import { type Funds, useFundsActions } from "./queries";

interface AskDialogProps {
  title: string;
  confirm: string;
  done: string;
  /** Whether what is typed can be sent. */
  ready: boolean;
  onSend: () => Promise<void>;
  onClose: () => void;
  children: (tried: boolean) => ReactNode;
}

const CONFIRM = { "data-testid": "funds-confirm" } as const;

/** A dialog that sends something; a refusal stays beside the fields and nothing typed is lost. */
export function AskDialog({ title, confirm, done, ready, onSend, onClose, children }: AskDialogProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const send = async () => {
    setTried(true);
    if (!ready || busy) return;
    setBusy(true);
    setRefusal(null);
    try {
      await onSend();
      void message.success(done);
      onClose();
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal open title={title} onCancel={onClose} onOk={() => void send()} okText={confirm} cancelText={t("actions.cancel")} confirmLoading={busy} okButtonProps={CONFIRM}>
      <Form layout="vertical" onFinish={() => void send()}>
        {children(tried)}
      </Form>
      {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
    </Modal>
  );
}

function Amount({ value, onChange, problem }: { value: string; onChange: (typed: string) => void; problem: AmountProblem | null }) {
  const { t } = useTranslation();
  return (
    <Form.Item label={t("funds.field.amount")} htmlFor="funds-amount" {...(problem ? { validateStatus: "error" as const, help: t(`funds.wrong.${problem}`) } : {})}>
      <Input id="funds-amount" prefix="¥" inputMode="decimal" value={value} onChange={(event) => onChange(event.target.value)} data-testid="funds-amount" />
    </Form.Item>
  );
}

export function WithdrawDialog({ shopId, funds, onClose }: { shopId: number; funds: Funds; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { withdraw } = useFundsActions(shopId);
  const [typed, setTyped] = useState(moneyToInput(Math.max(funds.available_minor, 0)));
  // One key for one dialog: pressing twice, or again after a lost answer, asks once.
  const [key] = useState(() => crypto.randomUUID());
  const problem = amountProblem(typed, { least_minor: funds.min_withdrawal_minor, most_minor: funds.available_minor });
  return (
    <AskDialog title={t("funds.withdraw")} confirm={t("funds.withdraw_confirm")} done={t("funds.withdraw_done")} ready={problem === null} onSend={() => withdraw(amountOf(typed), `${key}-${amountOf(typed)}`)} onClose={onClose}>
      {(tried) => (
        <>
          <Amount value={typed} onChange={setTyped} problem={tried ? problem : null} />
          <p className="wb-muted">
            {t("funds.withdraw_help", {
              most: format.money({ amount_minor: Math.max(funds.available_minor, 0), currency: funds.currency }, true),
              least: format.money({ amount_minor: funds.min_withdrawal_minor, currency: funds.currency }, true),
            })}
          </p>
        </>
      )}
    </AskDialog>
  );
}

export function DepositDialog({ shopId, funds, onClose }: { shopId: number; funds: Funds; onClose: () => void }) {
  const { t } = useTranslation();
  const { payDeposit } = useFundsActions(shopId);
  const [typed, setTyped] = useState("");
  const problem = amountProblem(typed, { least_minor: 1, most_minor: funds.available_minor });
  return (
    <AskDialog title={t("funds.pay_deposit")} confirm={t("funds.pay_deposit")} done={t("funds.deposit_done")} ready={problem === null} onSend={() => payDeposit(amountOf(typed))} onClose={onClose}>
      {(tried) => <Amount value={typed} onChange={setTyped} problem={tried ? problem : null} />}
    </AskDialog>
  );
}

const FIELDS = ["holder", "bank_name", "number"] as const;

export function AccountDialog({ shopId, onClose }: { shopId: number; onClose: () => void }) {
  const { t } = useTranslation();
  const { setAccount } = useFundsActions(shopId);
  const [typed, setTyped] = useState({ holder: "", bank_name: "", number: "" });
  const number = typed.number.replace(/\s/g, "").toUpperCase();
  const wrong = { holder: typed.holder.trim() === "", bank_name: typed.bank_name.trim() === "", number: !/^[0-9A-Z]{8,34}$/.test(number) };
  return (
    <AskDialog title={t("funds.name_account")} confirm={t("actions.save")} done={t("funds.account_done")} ready={!Object.values(wrong).some(Boolean)} onSend={() => setAccount({ ...typed, number })} onClose={onClose}>
      {(tried) => (
        <>
          {FIELDS.map((name) => (
            <Form.Item key={name} label={t(`funds.field.${name}`)} htmlFor={`funds-${name}`} {...(tried && wrong[name] ? { validateStatus: "error" as const, help: t(`funds.wrong.${name}`) } : {})}>
              <Input id={`funds-${name}`} value={typed[name]} maxLength={60} onChange={(event) => setTyped({ ...typed, [name]: event.target.value })} data-testid={`funds-${name}`} />
            </Form.Item>
          ))}
          <p className="wb-muted">{t("funds.account_help")}</p>
        </>
      )}
    </AskDialog>
  );
}
