import { useTranslation } from "@xingqu/i18n";
import { Alert, App, Input, Modal, Select } from "antd";
import { useState } from "react";
import { post } from "../api/http";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { REASONS, useStale } from "./queries";

/** Asks the platform whether a review may stand. */
export function ReportDialog({ reviewId, onClose }: { reviewId: number; onClose: () => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const stale = useStale(shop.id);
  const { message } = App.useApp();
  const [reason, setReason] = useState<string>("false_claim");
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const send = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      await post(`/shops/${shop.id}/reviews/${reviewId}/report`, { reason, text: text.trim() });
      void message.success(t("reviews.reported"));
      await stale();
      onClose();
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal open title={t("reviews.report")} okText={t("actions.send")} cancelText={t("actions.cancel")} confirmLoading={busy} onOk={() => void send()} onCancel={onClose}>
      <div className="wb-stack">
        <p className="wb-muted">{t("reviews.report_help")}</p>
        <Select value={reason} onChange={setReason} options={REASONS.map((one) => ({ value: one, label: t(`reviews.reason.${one}`) }))} aria-label={t("reviews.report_reason")} data-testid="report-reason" />
        <Input.TextArea rows={4} maxLength={500} showCount value={text} onChange={(event) => setText(event.target.value)} placeholder={t("reviews.report_text")} aria-label={t("reviews.report_text")} />
        {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
      </div>
    </Modal>
  );
}
