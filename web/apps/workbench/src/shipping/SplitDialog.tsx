import { useTranslation } from "@xingqu/i18n";
import { Alert, InputNumber, Modal } from "antd";
import { useState } from "react";
import type { DeskPackage } from "../api/types";
import { errorText } from "../app/errors";
import { Thumb } from "../products/Thumb";

interface Props {
  one: DeskPackage;
  onConfirm: (lines: { order_no: string; sku_id: number; quantity: number }[]) => Promise<unknown>;
  onClose: () => void;
}

/** Takes some of a package's units into a new one: of one order or of several. */
export function SplitDialog({ one, onConfirm, onClose }: Props) {
  const { t } = useTranslation();
  const [taken, setTaken] = useState<Record<string, number>>({});
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const key = (line: DeskPackage["lines"][number]) => `${line.order_no}|${line.sku_id}`;
  const all = one.lines.reduce((sum, line) => sum + line.quantity, 0);
  const chosen = one.lines.reduce((sum, line) => sum + (taken[key(line)] ?? 0), 0);
  const confirm = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      await onConfirm(one.lines.map((line) => ({ order_no: line.order_no, sku_id: line.sku_id, quantity: taken[key(line)] ?? 0 })).filter((line) => line.quantity > 0));
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
      title={t("shipping.split_title")}
      onCancel={onClose}
      onOk={() => void confirm()}
      okText={t("shipping.do.split")}
      cancelText={t("actions.cancel")}
      confirmLoading={busy}
      okButtonProps={{ disabled: chosen === 0 || chosen >= all }}
    >
      <p className="wb-muted">{t("shipping.split_help")}</p>
      {one.lines.map((line) => (
        <div key={key(line)} className="wb-row-between">
          <div className="wb-line">
            <Thumb url={line.picture_url} size={36} />
            <div className="wb-line-words">
              <span className="wb-clip">{line.name}</span>
              <small className="wb-muted">
                {line.option_text} {line.order_no}
              </small>
            </div>
          </div>
          <InputNumber
            aria-label={`${line.name} ${line.option_text}`}
            min={0}
            max={line.quantity}
            precision={0}
            value={taken[key(line)] ?? 0}
            suffix={`/ ${line.quantity}`}
            onChange={(value) => setTaken((current) => ({ ...current, [key(line)]: value ?? 0 }))}
          />
        </div>
      ))}
      {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
    </Modal>
  );
}
