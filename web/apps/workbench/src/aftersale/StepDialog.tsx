import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, App, Form, Input, InputNumber, Modal, Select } from "antd";
import { useState } from "react";
import type { AfterSaleDetail } from "../api/types";
import { Field, FieldGroup } from "../app/Field";
import { errorText } from "../app/errors";
import { useCarriers } from "../orders/queries";
import { cleanTracking, fitsPattern } from "../orders/ship-rows";
import { EvidencePicker } from "./EvidencePicker";
import { useCaseSteps } from "./queries";
import { type StepForm, type Typed, missing, stepBody } from "./steps";

interface StepDialogProps {
  root: string;
  item: AfterSaleDetail;
  name: string;
  form: StepForm;
  onClose: () => void;
}

const CONFIRM = { "data-testid": "step-confirm" } as const;

/** One step of a side: asks for what it needs, says what follows, refuses kindly. */
export function StepDialog({ root, item, name, form, onClose }: StepDialogProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { message } = App.useApp();
  const steps = useCaseSteps(root);
  const carriers = useCarriers();
  const [typed, setTyped] = useState<Typed>({ text: "", reason: null, amount_minor: null, carrier_code: null, tracking_no: "", picture_ids: [] });
  const [uploading, setUploading] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const change = (changes: Partial<Typed>) => setTyped((now) => ({ ...now, ...changes }));
  const carrier = carriers.data?.find((each) => each.code === typed.carrier_code);
  const wrong = missing(form, typed, item.asked.amount_minor);
  const badNumber = form.fields.includes("parcel") && typed.tracking_no !== "" && !fitsPattern(typed.tracking_no, carrier);
  const send = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      await steps.step(item.case_no, form.path, stepBody(form, item.version, typed));
      void message.success(t("aftersale.done"));
      onClose();
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={t(`aftersale.do.${name}`)}
      onCancel={onClose}
      onOk={() => void send()}
      okText={t(`aftersale.do.${name}`)}
      cancelText={t("actions.cancel")}
      confirmLoading={busy}
      okButtonProps={{ ...CONFIRM, danger: form.tone === "danger", disabled: wrong.length > 0 || badNumber || uploading }}
    >
      <p className="wb-muted">{t(`aftersale.what.${name}`)}</p>
      <Form layout="vertical">
        {form.fields.includes("reason") && (
          <Field label={t("aftersale.refusal")} required>
            <Select
              data-testid="step-reason"
              value={typed.reason}
              onChange={(reason: string) => change({ reason })}
              options={(form.reasons ?? []).map((code) => ({ value: code, label: t(`cases.refusal.${code}`) }))}
              placeholder={t("aftersale.pick_reason")}
            />
          </Field>
        )}
        {form.fields.includes("amount") && (
          <Field label={t("aftersale.offer_amount")} required help={t("aftersale.below", { amount: format.money(item.asked, true) })}>
            <InputNumber
              data-testid="step-amount"
              min={0.01}
              max={(item.asked.amount_minor - 1) / 100}
              precision={2}
              value={typed.amount_minor === null ? null : typed.amount_minor / 100}
              onChange={(value) => change({ amount_minor: value === null ? null : Math.round(value * 100) })}
              style={{ width: "100%" }}
            />
          </Field>
        )}
        {form.fields.includes("parcel") && (
          <>
            <Field label={t("orders.column.carrier")} required>
              <Select
                data-testid="step-carrier"
                value={typed.carrier_code}
                onChange={(carrier_code: string) => change({ carrier_code })}
                loading={carriers.isPending}
                options={(carriers.data ?? []).map((each) => ({ value: each.code, label: format.named(each) }))}
                placeholder={t("orders.pick_carrier")}
              />
            </Field>
            <Field label={t("orders.column.tracking_no")} required validateStatus={badNumber ? "error" : ""} help={badNumber ? t("orders.ship_problem.tracking_pattern") : undefined}>
              <Input data-testid="step-tracking" className="wb-mono" maxLength={40} onChange={(event) => change({ tracking_no: cleanTracking(event.target.value) })} />
            </Field>
          </>
        )}
        {form.fields.includes("text") && (
          <Field label={t("aftersale.words")} required={wrong.includes("text")}>
            <Input.TextArea data-testid="step-text" rows={3} maxLength={500} showCount value={typed.text} onChange={(event) => change({ text: event.target.value })} />
          </Field>
        )}
        {form.fields.includes("pictures") && (
          <FieldGroup label={t("aftersale.pictures")}>
            <EvidencePicker
              root={root}
              caseNo={item.case_no}
              onChange={(picture_ids, waiting) => {
                change({ picture_ids });
                setUploading(waiting);
              }}
            />
          </FieldGroup>
        )}
      </Form>
      {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
    </Modal>
  );
}
