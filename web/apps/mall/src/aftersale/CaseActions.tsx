import type { AftersaleDetail } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { useState } from "react";
import { Field } from "../kit/basics";
import { Sheet } from "../kit/Sheet";
import { showToast } from "../kit/toast";
import { useReport } from "../kit/useReport";
import { ReviewPictures } from "../orders/ReviewPictures";
import { readAmount, writeAmount } from "./amount";
import { type CaseAct, uploadEvidence, useCaseAct } from "./queries";
import { ReturnSheet } from "./ReturnSheet";
import { Footer, type SheetProps } from "./SheetFrame";

type Asking = "withdraw" | "escalate" | "statement" | "change" | "ship_return" | "confirm_replacement";

/** What the buyer can do now; the main thing last. */
export function CaseActions({ item }: { item: AftersaleDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const report = useReport();
  const act = useCaseAct(item.case_no, item.version);
  const [asking, setAsking] = useState<Asking | null>(null);
  const can = new Set(item.can);
  const run = (step: CaseAct) =>
    act.mutate(step, {
      onSuccess: () => {
        setAsking(null);
        showToast(t(`aftersale.done.${step.step}`));
      },
      onError: report,
    });
  if (item.closed_at) return null;
  const button = (step: Asking, quiet: boolean) => (
    <button key={step} type="button" className={`button button-small${quiet ? " button-quiet" : ""}`} onClick={() => setAsking(step)} data-testid={`case-${step}`}>
      {t(`aftersale.do.${step}`)}
    </button>
  );
  return (
    <div className="order-actions">
      {can.has("withdraw") ? button("withdraw", true) : null}
      {button("statement", true)}
      {can.has("change") ? button("change", true) : null}
      {can.has("escalate") ? button("escalate", item.state !== "refused") : null}
      {can.has("decline_offer") ? (
        <button type="button" className="button button-small button-quiet" onClick={() => run({ step: "answer_offer", accept: false })} disabled={act.isPending} data-testid="offer-decline">
          {t("aftersale.do.decline_offer")}
        </button>
      ) : null}
      {can.has("accept_offer") && item.offered ? (
        <button type="button" className="button button-small" onClick={() => run({ step: "answer_offer", accept: true })} disabled={act.isPending} data-testid="offer-accept">
          {t("aftersale.do.accept_offer", { amount: format.money(item.offered, true) })}
        </button>
      ) : null}
      {can.has("confirm_replacement") ? button("confirm_replacement", false) : null}
      {can.has("ship_return") ? button("ship_return", false) : null}
      {asking === "withdraw" || asking === "confirm_replacement" ? <SureSheet step={asking} busy={act.isPending} onRun={() => run({ step: asking })} onClose={() => setAsking(null)} /> : null}
      {asking === "escalate" || asking === "statement" ? <WordsSheet orderNo={item.order_no} step={asking} busy={act.isPending} onRun={run} onClose={() => setAsking(null)} /> : null}
      {asking === "ship_return" ? <ReturnSheet item={item} busy={act.isPending} onRun={run} onClose={() => setAsking(null)} /> : null}
      {asking === "change" ? <ChangeSheet item={item} busy={act.isPending} onRun={run} onClose={() => setAsking(null)} /> : null}
    </div>
  );
}

function SureSheet({ step, busy, onRun, onClose }: { step: "withdraw" | "confirm_replacement"; busy: boolean; onRun: () => void; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Sheet title={t(`aftersale.do.${step}`)} onClose={onClose} footer={<Footer label={t(`aftersale.do.${step}`)} disabled={busy} onRun={onRun} onClose={onClose} />}>
      <p>{t(`aftersale.sure.${step}`)}</p>
    </Sheet>
  );
}

function WordsSheet({ orderNo, step, busy, onRun, onClose }: SheetProps & { orderNo: string; step: "escalate" | "statement" }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [pictures, setPictures] = useState<{ ids: number[]; busy: boolean }>({ ids: [], busy: false });
  const empty = text.trim() === "" && pictures.ids.length === 0;
  const send = () => onRun({ step, text: text.trim(), picture_ids: pictures.ids });
  return (
    <Sheet title={t(`aftersale.do.${step}`)} onClose={onClose} footer={<Footer label={t(`aftersale.do.${step}`)} disabled={busy || pictures.busy || empty} onRun={send} onClose={onClose} />}>
      <p className="muted">{t(`aftersale.sure.${step}`)}</p>
      <Field label={t("aftersale.words")}>
        <textarea value={text} maxLength={500} rows={4} onChange={(event) => setText(event.target.value)} data-testid="case-text" />
      </Field>
      <ReviewPictures orderNo={orderNo} upload={uploadEvidence} onChange={(ids, uploading) => setPictures({ ids, busy: uploading })} />
    </Sheet>
  );
}

function ChangeSheet({ item, busy, onRun, onClose }: SheetProps & { item: AftersaleDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const currency = item.asked.currency;
  const [amount, setAmount] = useState(writeAmount(item.asked.amount_minor, currency));
  const [text, setText] = useState(item.text);
  const [pictures, setPictures] = useState<{ ids: number[]; busy: boolean }>({ ids: [], busy: false });
  const minor = readAmount(amount, currency);
  const good = !item.pays_back || (minor !== null && minor > 0 && minor <= item.max.amount_minor);
  const send = () =>
    onRun({ step: "change", reason: item.reason, amount_minor: item.pays_back ? minor : null, text: text.trim(), picture_ids: pictures.ids });
  return (
    <Sheet title={t("aftersale.do.change")} onClose={onClose} footer={<Footer label={t("aftersale.do.change")} disabled={busy || pictures.busy || !good} onRun={send} onClose={onClose} />}>
      {item.pays_back ? (
        <Field label={t("aftersale.amount")} hint={t("aftersale.at_most", { amount: format.money(item.max, true) })} error={good ? null : t("aftersale.amount_bad")}>
          <input inputMode="decimal" value={amount} onChange={(event) => setAmount(event.target.value)} data-testid="case-amount" />
        </Field>
      ) : null}
      <Field label={t("aftersale.words")}>
        <textarea value={text} maxLength={500} rows={4} onChange={(event) => setText(event.target.value)} data-testid="case-text" />
      </Field>
      <ReviewPictures orderNo={item.order_no} upload={uploadEvidence} onChange={(ids, uploading) => setPictures({ ids, busy: uploading })} />
    </Sheet>
  );
}
