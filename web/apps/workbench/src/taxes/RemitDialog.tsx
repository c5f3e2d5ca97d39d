import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, DatePicker, Form, Input, Skeleton } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { ErrorView } from "../app/ErrorView";
import { AskDialog } from "../funds/dialogs";
import { usePreview, useTaxActions } from "./queries";
import { RuleSums } from "./RuleSums";

/** A month's tax was paid: what it comes to, and the number of the authorities' receipt. */
export function RemitDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { remit } = useTaxActions();
  const [month, setMonth] = useState(() => dayjs().subtract(1, "month"));
  const [reference, setReference] = useState("");
  const [note, setNote] = useState("");
  const period = month.format("YYYY-MM");
  const preview = usePreview(period);
  const told = preview.data;
  const payable = told !== undefined && told.remittance_no === null && told.total_minor > 0;
  const named = reference.trim() !== "";
  const send = () => remit({ period, total_minor: told?.total_minor ?? 0, reference: reference.trim(), note: note.trim() });
  return (
    <AskDialog title={t("taxes.remit")} confirm={t("taxes.remit")} done={t("taxes.remit_done")} ready={payable && named} onSend={send} onClose={onClose}>
      {(tried) => (
        <>
          <p className="wb-muted">{t("taxes.remit_help")}</p>
          <Form.Item label={t("taxes.month")} htmlFor="tax-month">
            <DatePicker id="tax-month" picker="month" allowClear={false} maxDate={dayjs().subtract(1, "month")} value={month} onChange={(chosen) => chosen && setMonth(chosen)} />
          </Form.Item>
          {preview.isPending && <Skeleton active paragraph={{ rows: 3 }} aria-label={t("loading")} />}
          {preview.isError && <ErrorView error={preview.error} onRetry={() => void preview.refetch()} />}
          {told && told.remittance_no !== null && <Alert type="info" showIcon title={t("taxes.made", { number: told.remittance_no })} />}
          {told && told.remittance_no === null && told.total_minor <= 0 && <Alert type="info" showIcon title={t("taxes.nothing")} />}
          {told && told.rules.length > 0 && <RuleSums rules={told.rules} currency={told.currency} />}
          {payable && (
            <>
              <p className="wb-section" data-testid="tax-total">
                {t("taxes.column.total")} <strong>{format.money({ amount_minor: told.total_minor, currency: told.currency }, true)}</strong> · {t("taxes.column.payees")} {format.number(told.payees)}
              </p>
              <Form.Item label={t("taxes.reference")} htmlFor="tax-reference" {...(tried && !named ? { validateStatus: "error" as const, help: t("taxes.wrong.reference") } : {})}>
                <Input id="tax-reference" maxLength={64} value={reference} onChange={(event) => setReference(event.target.value)} data-testid="tax-reference" />
              </Form.Item>
              <Form.Item label={t("taxes.remark")} htmlFor="tax-note">
                <Input id="tax-note" maxLength={200} value={note} onChange={(event) => setNote(event.target.value)} />
              </Form.Item>
            </>
          )}
        </>
      )}
    </AskDialog>
  );
}
