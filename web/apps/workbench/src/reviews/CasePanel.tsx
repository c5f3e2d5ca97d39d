import { useFormat, useTranslation } from "@xingqu/i18n";
import { Alert, App, Button, Input, Timeline } from "antd";
import { useState } from "react";
import { post } from "../api/http";
import type { ReviewCase } from "../api/types";
import { errorText } from "../app/errors";
import { mayEdit } from "../app/rooms";
import { useShop } from "../app/session";
import { useStale } from "./queries";

/** A reported review: where it stands, who must act by when, what happened, and the shop's turn if it is. */
export function CasePanel({ reviewId, found }: { reviewId: number; found: ReviewCase }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const turn = found.waiting_for === "shop" ? (found.state === "kept" ? "appeal" : "statement") : null;
  return (
    <div className="wb-case" data-testid="review-case">
      <strong>{t(`reviews.case.${found.state === "closed" ? (found.hidden ? "closed_hidden" : "closed_kept") : found.state}`)}</strong>
      {found.waiting_for && found.due_at && <small className="wb-muted">{t(`reviews.waits.${found.waiting_for}`, { moment: format.dateTime(found.due_at) })}</small>}
      <CaseTimeline steps={found.timeline} />
      {turn && mayEdit(shop.permissions, "reviews") && <Turn reviewId={reviewId} turn={turn} />}
    </div>
  );
}

export function CaseTimeline({ steps }: { steps: ReviewCase["timeline"] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (steps.length === 0) return null;
  return (
    <Timeline
      items={steps.map((step) => ({
        content: (
          <span>
            {t(`reviews.step.${step.step}`)} {step.reason && `· ${t(`reviews.reason.${step.reason}`)}`} <small className="wb-muted">{format.dateTime(step.at)}</small>
            {step.text && <div>{step.text}</div>}
          </span>
        ),
      }))}
    />
  );
}

function Turn({ reviewId, turn }: { reviewId: number; turn: "appeal" | "statement" }) {
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
      await post(`/shops/${shop.id}/reviews/${reviewId}/${turn}`, { text: text.trim() });
      void message.success(t("reviews.sent"));
      await stale();
    } catch (error) {
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="wb-stack">
      <span>{t(`reviews.turn.${turn}`)}</span>
      <Input.TextArea rows={3} maxLength={500} showCount value={text} onChange={(event) => setText(event.target.value)} aria-label={t(`reviews.turn.${turn}`)} data-testid="case-text" />
      {refusal !== null && <Alert type="error" showIcon title={errorText(t, refusal)} />}
      <div>
        <Button size="small" type="primary" loading={busy} disabled={!text.trim()} onClick={() => void send()} data-testid="case-send">
          {t("actions.send")}
        </Button>
      </div>
    </div>
  );
}
