import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { Alert, App, Form, Input, Modal } from "antd";
import { useState } from "react";
import type { ReturnAddress } from "../api/types";
import { errorText, fieldReasons } from "../app/errors";
import { useShop } from "../app/session";
import { saveReturnAddress } from "./queries";

const FIELDS = [
  ["recipient", 40],
  ["phone", 20],
  ["region", 80],
  ["detail", 200],
] as const;

/** Where the shop wants its goods back. */
export function ReturnAddressDialog({ address, onClose }: { address: ReturnAddress | null; onClose: () => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [typed, setTyped] = useState<ReturnAddress>(address ?? { recipient: "", phone: "", region: "", detail: "" });
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const reasons = fieldReasons(t, refusal);
  const save = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      await saveReturnAddress(shop.id, typed);
      await client.invalidateQueries({ queryKey: ["return-address", shop.id] });
      void message.success(t("aftersale.address_saved"));
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
      title={t("aftersale.return_address")}
      onCancel={onClose}
      onOk={() => void save()}
      okText={t("actions.save")}
      cancelText={t("actions.cancel")}
      confirmLoading={busy}
      okButtonProps={{ disabled: Object.values(typed).some((value) => value.trim().length < 1) }}
    >
      <p className="wb-muted">{t("aftersale.return_address_help")}</p>
      <Form layout="vertical">
        {FIELDS.map(([name, length]) => (
          <Form.Item key={name} label={t(`aftersale.address.${name}`)} htmlFor={`return-${name}`} required validateStatus={reasons.get(name) ? "error" : ""} help={reasons.get(name)}>
            <Input id={`return-${name}`} value={typed[name]} maxLength={length} onChange={(event) => setTyped({ ...typed, [name]: event.target.value })} />
          </Form.Item>
        ))}
      </Form>
      {refusal !== null && reasons.size === 0 && <Alert type="error" showIcon title={errorText(t, refusal)} />}
    </Modal>
  );
}
