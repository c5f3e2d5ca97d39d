import { useFormat, useTranslation } from "@xingqu/i18n";
import { Form, Input } from "antd";
import { useState } from "react";
import { moneyToInput } from "../format/money-input";
import { amountOf, amountProblem } from "../funds/amounts";
import { AskDialog } from "../funds/dialogs";
import type { Withdrawal } from "../funds/queries";
import { useTaxActions } from "./queries";

/** Withheld tax goes back to the payee, with the reason. */
export function ReturnDialog({ row, onClose }: { row: Withdrawal; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { giveBack } = useTaxActions();
  const [typed, setTyped] = useState(moneyToInput(row.tax.amount_minor));
  const [reason, setReason] = useState("");
  // One key for one dialog: pressing twice, or again after a lost answer, gives back once.
  const [key] = useState(() => crypto.randomUUID());
  const problem = amountProblem(typed, { least_minor: 1, most_minor: row.tax.amount_minor });
  const named = reason.trim() !== "";
  const send = () => giveBack(row.withdrawal_no, { amount_minor: amountOf(typed), reason: reason.trim() }, `${key}-${amountOf(typed)}`);
  return (
    <AskDialog title={t("taxes.give_back")} confirm={t("taxes.give_back")} done={t("taxes.give_back_done")} ready={problem === null && named} onSend={send} onClose={onClose}>
      {(tried) => (
        <>
          <p className="wb-muted">{t("taxes.give_back_help", { most: format.money(row.tax, true) })}</p>
          <Form.Item label={t("funds.field.amount")} htmlFor="tax-back" {...(tried && problem ? { validateStatus: "error" as const, help: t(`funds.wrong.${problem}`) } : {})}>
            <Input id="tax-back" prefix="¥" inputMode="decimal" value={typed} onChange={(event) => setTyped(event.target.value)} data-testid="tax-back-amount" />
          </Form.Item>
          <Form.Item label={t("taxes.column.reason")} htmlFor="tax-back-reason" {...(tried && !named ? { validateStatus: "error" as const, help: t("taxes.wrong.reason") } : {})}>
            <Input id="tax-back-reason" maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} data-testid="tax-back-reason" />
          </Form.Item>
        </>
      )}
    </AskDialog>
  );
}
