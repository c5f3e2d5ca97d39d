import { api, unwrap } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { type FormEvent, useState } from "react";
import { Sheet } from "../kit/Sheet";
import { showToast } from "../kit/toast";
import { useReport } from "../kit/useReport";

const REASONS = ["abuse", "advert", "privacy", "irrelevant", "false_claim", "extortion", "obscene", "other"] as const;

/** Tells the platform that a review may not stand. Who told is known to the platform alone. */
export function ReportSheet({ reviewId, onClose }: { reviewId: number; onClose: () => void }) {
  const { t } = useTranslation();
  const report = useReport();
  const [reason, setReason] = useState<(typeof REASONS)[number]>("abuse");
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await unwrap(api.POST("/api/v1/reviews/{review_id}/reports", { params: { path: { review_id: reviewId } }, body: { reason, text: text.trim() } }));
      showToast(t("review.reported"));
      onClose();
    } catch (error) {
      report(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Sheet title={t("review.report_title")} onClose={onClose} testId="report-sheet">
      <form className="report-form" onSubmit={(event) => void send(event)}>
        <fieldset>
          <legend className="visually-hidden">{t("review.report_title")}</legend>
          {REASONS.map((one) => (
            <label key={one} className="report-reason">
              <input type="radio" name="reason" checked={reason === one} onChange={() => setReason(one)} data-testid={`report-${one}`} /> {t(`review.reason.${one}`)}
            </label>
          ))}
        </fieldset>
        <label className="field">
          <span>{t("review.report_text")}</span>
          <textarea rows={3} maxLength={500} value={text} onChange={(event) => setText(event.target.value)} />
        </label>
        <p className="muted">{t("review.report_note")}</p>
        <button type="submit" className="button button-wide" disabled={busy} data-testid="report-send">
          {t("review.report_send")}
        </button>
      </form>
    </Sheet>
  );
}
