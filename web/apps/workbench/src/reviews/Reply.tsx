import { useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Input, Select } from "antd";
import { useState } from "react";
import { post, put } from "../api/http";
import type { Review } from "../api/types";
import { errorText } from "../app/errors";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { useSavedReplies, useStale } from "./queries";

interface ReplyProps {
  reviewId: number;
  part: "review" | "follow_up";
  reply: Review["reply"];
}

/** The shop's answer, which everyone reads: written once, and changed while its time lasts. */
export function Reply({ reviewId, part, reply }: ReplyProps) {
  const { t } = useTranslation();
  const shop = useShop();
  const [open, setOpen] = useState(false);
  const editable = mayEdit(shop.permissions, "reviews");
  if (open) return <ReplyForm reviewId={reviewId} part={part} reply={reply} onClose={() => setOpen(false)} />;
  if (reply) {
    return (
      <blockquote className="wb-reply">
        <strong>{t("reviews.your_reply")}</strong> {reply.text} {reply.edited_at && <small className="wb-muted">{t("reviews.edited")}</small>}
        {editable && (
          <Button size="small" type="link" onClick={() => setOpen(true)} data-testid="review-reply-edit">
            {t("reviews.edit")}
          </Button>
        )}
      </blockquote>
    );
  }
  if (!editable) return null;
  return (
    <div>
      <Button size="small" onClick={() => setOpen(true)} data-testid={part === "review" ? "review-reply" : "follow-up-reply"}>
        {t(part === "review" ? "reviews.reply" : "reviews.reply_follow_up")}
      </Button>
    </div>
  );
}

function ReplyForm({ reviewId, part, reply, onClose }: ReplyProps & { onClose: () => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const stale = useStale(shop.id);
  const { message } = App.useApp();
  const [text, setText] = useState(reply?.text ?? "");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const send = async () => {
    setBusy(true);
    setRefusal(null);
    const path = `/shops/${shop.id}/reviews/${reviewId}/reply`;
    try {
      await (reply ? put(path, { text: text.trim(), part }) : post(path, { text: text.trim(), part }));
      void message.success(t("reviews.replied"));
      await stale();
      onClose();
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="wb-stack">
      <SavedPicker onPick={setText} />
      <Input.TextArea value={text} maxLength={500} showCount autoSize={{ minRows: 2, maxRows: 6 }} placeholder={t("reviews.reply_example")} aria-label={t("reviews.reply")} onChange={(event) => setText(event.target.value)} data-testid="review-reply-text" />
      {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
      <span className="wb-row-actions">
        <Button size="small" type="primary" loading={busy} disabled={!text.trim()} onClick={() => void send()} data-testid="review-reply-send">
          {t("actions.send")}
        </Button>
        <Button size="small" onClick={onClose}>
          {t("actions.cancel")}
        </Button>
      </span>
    </div>
  );
}

/** Takes an answer that the shop keeps at hand; nothing is shown when there is none. */
export function SavedPicker({ onPick }: { onPick: (text: string) => void }) {
  const { t } = useTranslation();
  const shop = useShop();
  const saved = useSavedReplies(shop.id);
  if (!saved.data || saved.data.length === 0) return null;
  return (
    <Select
      placeholder={t("reviews.use_saved")}
      aria-label={t("reviews.use_saved")}
      value={null}
      onChange={(id: number | null) => onPick(saved.data.find((one) => one.id === id)?.text ?? "")}
      options={saved.data.map((one) => ({ value: one.id, label: one.title }))}
      style={{ maxWidth: 320 }}
    />
  );
}
