import { useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Input } from "antd";
import { useState } from "react";
import { post } from "../api/http";
import type { ReplyBatch } from "../api/types";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { useStale } from "./queries";
import { SavedPicker } from "./Reply";

/** The same answer to all that are picked; each is answered for itself. */
export function BatchReply({ ids, onDone }: { ids: number[]; onDone: () => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const stale = useStale(shop.id);
  const { message } = App.useApp();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const send = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      const result = await post<ReplyBatch>(`/shops/${shop.id}/reviews/reply-batch`, { review_ids: ids, text: text.trim() });
      const failed = result.items.filter((item) => item.code !== null).length;
      void message.info(t("reviews.batch_done", { done: result.items.length - failed, failed }));
      await stale();
      onDone();
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="wb-panel wb-stack" aria-label={t("reviews.batch")} data-testid="review-batch">
      <strong>{t("reviews.batch_picked", { count: ids.length })}</strong>
      <SavedPicker onPick={setText} />
      <Input.TextArea value={text} maxLength={500} showCount autoSize={{ minRows: 2, maxRows: 6 }} placeholder={t("reviews.reply_example")} aria-label={t("reviews.batch")} onChange={(event) => setText(event.target.value)} data-testid="batch-text" />
      {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
      <span className="wb-row-actions">
        <Button type="primary" loading={busy} disabled={!text.trim() || ids.length > 100} onClick={() => void send()} data-testid="batch-send">
          {t("reviews.batch")}
        </Button>
        <Button onClick={onDone}>{t("actions.cancel")}</Button>
      </span>
    </section>
  );
}
