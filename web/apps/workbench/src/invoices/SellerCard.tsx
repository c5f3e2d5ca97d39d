import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Card, Form, Input, Modal } from "antd";
import { useState } from "react";
import { get, put } from "../api/http";
import type { InvoiceSeller, InvoiceSettings } from "../api/types";
import { Field } from "../app/Field";
import { errorText, fieldReasons } from "../app/errors";
import { useShop } from "../app/session";

const FIELDS = [
  ["name", 100],
  ["tax_no", 18],
  ["address", 120],
  ["phone", 20],
  ["bank", 60],
  ["account", 40],
] as const;
const EMPTY: InvoiceSeller = { name: "", tax_no: "", address: "", phone: "", bank: "", account: "" };

/** In whose name the shop issues; nothing can be issued without. */
export function SellerCard({ editable }: { editable: boolean }) {
  const { t } = useTranslation();
  const shop = useShop();
  const settings = useQuery({ queryKey: ["invoice-settings", shop.id], queryFn: ({ signal }) => get<InvoiceSettings>(`/shops/${shop.id}/invoices/settings`, undefined, signal) });
  const [editing, setEditing] = useState(false);
  if (!settings.data) return null;
  const { seller, issuer } = settings.data;
  const edit = editable && (
    <Button size="small" onClick={() => setEditing(true)} data-testid="invoice-seller-edit">
      {t("invoices.seller_edit")}
    </Button>
  );
  return (
    <Card className="wb-section" size="small">
      {seller ? (
        <div className="wb-row-between">
          <span data-testid="invoice-seller">
            {`${t("invoices.seller")} ${seller.name} `}
            <span className="wb-mono wb-muted">{seller.tax_no}</span>
          </span>
          {edit}
        </div>
      ) : (
        <Alert type="warning" showIcon title={t("invoices.no_seller")} action={edit} />
      )}
      <p className="wb-muted wb-seller-issuer">{issuer === "own" ? t("invoices.own_issuer") : t("invoices.gateway", { name: issuer })}</p>
      {editing && <SellerDialog first={seller ?? EMPTY} onClose={() => setEditing(false)} />}
    </Card>
  );
}

function SellerDialog({ first, onClose }: { first: InvoiceSeller; onClose: () => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [form, setForm] = useState(first);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const reasons = fieldReasons(t, refusal);
  const save = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      client.setQueryData(["invoice-settings", shop.id], await put<InvoiceSettings>(`/shops/${shop.id}/invoices/settings`, form));
      void message.success(t("settings.saved"));
      onClose();
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal open title={t("invoices.seller_edit")} onCancel={onClose} onOk={() => void save()} confirmLoading={busy} okText={t("actions.save")} cancelText={t("actions.cancel")}>
      <Form layout="vertical" onFinish={() => void save()}>
        {FIELDS.map(([name, most]) => (
          <Field key={name} label={t(`invoices.field.${name}`)} required={name === "name" || name === "tax_no"} validateStatus={reasons.has(name) ? "error" : ""} help={reasons.get(name)}>
            <Input value={form[name]} maxLength={most} onChange={(event) => setForm({ ...form, [name]: event.target.value })} data-testid={`seller-${name}`} />
          </Field>
        ))}
        {refusal !== null && reasons.size === 0 && <Alert type="error" showIcon title={errorText(t, refusal)} />}
      </Form>
    </Modal>
  );
}
