import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import { errorText, fieldReasons } from "../app/errors";
import { useCarriers } from "../orders/queries";
import { cleanTracking, fitsPattern } from "../orders/ship-rows";

interface Props {
  title: string;
  /** Only a carrier is asked for, its number comes from it. */
  carrierOnly?: boolean;
  onConfirm: (number: { carrier_code: string; tracking_no: string }) => Promise<unknown>;
  onClose: () => void;
}

/** Asks for a carrier and a tracking number of its form. */
export function NumberDialog({ title, carrierOnly = false, onConfirm, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const carriers = useCarriers();
  const [code, setCode] = useState<string>();
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const carrier = carriers.data?.find((each) => each.code === code);
  const tracking = cleanTracking(typed);
  const fits = carrierOnly || (tracking !== "" && fitsPattern(tracking, carrier));
  const reasons = fieldReasons(t, refusal);
  const confirm = async () => {
    if (!carrier || !fits) return;
    setBusy(true);
    setRefusal(null);
    try {
      await onConfirm({ carrier_code: carrier.code, tracking_no: tracking });
      onClose();
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal open title={title} onCancel={onClose} onOk={() => void confirm()} okText={t("actions.confirm")} cancelText={t("actions.cancel")} confirmLoading={busy} okButtonProps={{ disabled: !carrier || !fits }}>
      <Form layout="vertical" onFinish={() => void confirm()}>
        <Form.Item label={t("orders.column.carrier")} htmlFor="desk-carrier" required>
          <Select
            id="desk-carrier"
            data-testid="desk-carrier"
            value={code ?? null}
            onChange={(value: string) => setCode(value)}
            loading={carriers.isPending}
            placeholder={t("orders.pick_carrier")}
            options={(carriers.data ?? []).map((each) => ({ value: each.code, label: format.named(each) }))}
          />
        </Form.Item>
        {!carrierOnly && (
          <Form.Item
            label={t("orders.column.tracking_no")}
            htmlFor="desk-number"
            required
            validateStatus={reasons.get("tracking_no") || (tracking !== "" && carrier && !fits) ? "error" : ""}
            help={reasons.get("tracking_no") ?? (tracking !== "" && carrier && !fits ? t("orders.ship_problem.tracking_pattern") : undefined)}
          >
            <Input id="desk-number" data-testid="desk-number" className="wb-mono" value={typed} maxLength={40} autoComplete="off" onChange={(event) => setTyped(event.target.value)} />
          </Form.Item>
        )}
      </Form>
      {refusal !== null && reasons.size === 0 && <Alert type="error" showIcon title={errorText(t, refusal)} />}
    </Modal>
  );
}
