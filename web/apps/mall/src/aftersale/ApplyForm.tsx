import type { AftersaleAssessment, AftersaleKind, AftersaleOptions } from "@xingqu/client";
import { useErrorText, useFormat, useTranslation } from "@xingqu/i18n";
import { useRef, useState } from "react";
import { Field, Picture, Price, Stepper } from "../kit/basics";
import { showToast } from "../kit/toast";
import { useReport } from "../kit/useReport";
import { ReviewPictures } from "../orders/ReviewPictures";
import { readAmount, writeAmount } from "./amount";
import { type Kind, type Units, uploadEvidence, useAssessment, useOpenCase } from "./queries";

const COMPUTED = new Set(["price_protection", "pre_ship"]);

interface ApplyFormProps {
  options: AftersaleOptions;
  kind: AftersaleKind;
  onDone: (caseNo: string) => void;
}

/** About what, why, how much, with which evidence. */
export function ApplyForm({ options, kind, onDone }: ApplyFormProps) {
  const { t } = useTranslation();
  const report = useReport();
  const send = useOpenCase();
  const free = new Map(kind.units.map((row) => [row.line_id, row.free]));
  const lines = options.lines.filter((line) => (free.get(line.line_id) ?? 0) > 0);
  const [units, setUnits] = useState<Record<number, number>>(() => Object.fromEntries(lines.map((line) => [line.line_id, free.get(line.line_id) ?? 0])));
  const [reason, setReason] = useState("");
  const [received, setReceived] = useState(options.state === "done");
  const [amount, setAmount] = useState<string | null>(null);
  const [text, setText] = useState("");
  const [pictures, setPictures] = useState<{ ids: number[]; busy: boolean }>({ ids: [], busy: false });
  const requestKey = useRef(crypto.randomUUID());
  const wanted: Units[] = lines.map((line) => ({ line_id: line.line_id, quantity: units[line.line_id] ?? 0 })).filter((line) => line.quantity > 0);
  const assessment = useAssessment(options.order_no, kind.kind as Kind, wanted);
  const most = assessment.data?.max;
  const picked = kind.reasons.find((each) => each.code === reason);
  const typed = amount === null || !most ? (most?.amount_minor ?? null) : readAmount(amount, most.currency);
  const amountGood = !kind.pays_back || (typed !== null && most !== undefined && typed > 0 && typed <= most.amount_minor);
  const pictureMissing = picked?.needs_picture === true && pictures.ids.length === 0;
  const ready = wanted.length > 0 && picked && assessment.isSuccess && amountGood && !pictureMissing && !pictures.busy;
  const submit = () =>
    send.mutate(
      {
        order_no: options.order_no,
        kind: kind.kind as Kind,
        lines: wanted,
        reason,
        amount_minor: kind.pays_back && amount !== null ? typed : null,
        text: text.trim(),
        received,
        picture_ids: pictures.ids,
        request_key: requestKey.current,
      },
      {
        onSuccess: (item) => {
          showToast(t("aftersale.done.open"));
          onDone(item.case_no);
        },
        onError: (error) => {
          // What is sent again is another request.
          requestKey.current = crypto.randomUUID();
          report(error);
          void assessment.refetch();
        },
      },
    );
  return (
    <div className="apply" data-testid="apply-form">
      <section className="card">
        <h2>{t("aftersale.pick_lines")}</h2>
        {lines.map((line) => (
          <div key={line.line_id} className="order-line apply-line" data-testid="apply-line">
            <input
              type="checkbox"
              checked={(units[line.line_id] ?? 0) > 0}
              aria-label={line.name}
              onChange={(event) => setUnits({ ...units, [line.line_id]: event.target.checked ? (free.get(line.line_id) ?? 1) : 0 })}
            />
            <Picture url={line.picture_url} alt="" className="line-picture" />
            <span className="order-line-text">
              <span className="cart-line-name">{line.name}</span>
              {line.option_text ? <span className="option-text">{line.option_text}</span> : null}
              <small className="muted">{t("aftersale.free", { count: free.get(line.line_id) ?? 0 })}</small>
            </span>
            {(units[line.line_id] ?? 0) > 0 && kind.kind !== "price_protection" && (free.get(line.line_id) ?? 0) > 1 ? (
              <Stepper label={t("aftersale.units")} value={units[line.line_id] ?? 1} max={free.get(line.line_id) ?? 1} onChange={(value) => setUnits({ ...units, [line.line_id]: value })} />
            ) : null}
          </div>
        ))}
      </section>
      <section className="card">
        <h2>{t("aftersale.reason")}</h2>
        <div className="option-list" role="radiogroup" aria-label={t("aftersale.reason")}>
          {kind.reasons.map((each) => (
            <label key={each.code} className="option-row">
              <span>{t(`cases.reason.${each.code}`)}</span>
              <input type="radio" name="reason" checked={reason === each.code} onChange={() => setReason(each.code)} data-testid={`reason-${each.code}`} />
            </label>
          ))}
        </div>
        {kind.kind === "refund_only" ? (
          <div className="apply-received" role="radiogroup" aria-label={t("aftersale.received")}>
            <span>{t("aftersale.received")}</span>
            {[true, false].map((value) => (
              <label key={String(value)}>
                <input type="radio" name="received" checked={received === value} onChange={() => setReceived(value)} /> {t(value ? "aftersale.received_yes" : "aftersale.received_no")}
              </label>
            ))}
          </div>
        ) : null}
      </section>
      <Money
        kind={kind}
        assessment={assessment.data}
        error={assessment.error}
        amount={amount}
        good={amountGood}
        onAmount={setAmount}
        options={options}
      />
      <section className="card">
        <Field label={t("aftersale.words")} hint={t("aftersale.words_hint")}>
          <textarea value={text} maxLength={500} rows={3} onChange={(event) => setText(event.target.value)} data-testid="apply-text" />
        </Field>
        <h2>{t("aftersale.pictures")}</h2>
        {pictureMissing ? <p className="field-hint">{t("aftersale.pictures_needed")}</p> : null}
        <ReviewPictures orderNo={options.order_no} upload={uploadEvidence} onChange={(ids, busy) => setPictures({ ids, busy })} />
      </section>
      <div className="apply-foot">
        <button type="button" className="button" disabled={!ready || send.isPending} onClick={submit} data-testid="apply-submit">
          {t("aftersale.submit")}
        </button>
      </div>
    </div>
  );
}

interface MoneyProps {
  kind: AftersaleKind;
  options: AftersaleOptions;
  assessment: AftersaleAssessment | undefined;
  error: unknown;
  amount: string | null;
  good: boolean;
  onAmount: (text: string | null) => void;
}

/** The amount, and where the most that can go back comes from. */
function Money({ kind, options, assessment, error, amount, good, onAmount }: MoneyProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  if (!kind.pays_back) return <section className="card muted">{t("aftersale.sends_goods")}</section>;
  if (error)
    return (
      <section className="card field-error" role="alert">
        {errorText(error)}
      </section>
    );
  if (!assessment) return <section className="card skeleton skeleton-block" aria-hidden="true" />;
  const names = new Map(options.lines.map((line) => [line.line_id, line.name]));
  const most = assessment.max;
  return (
    <section className="card">
      {COMPUTED.has(kind.kind) ? null : (
        <Field label={t("aftersale.amount")} hint={t("aftersale.at_most", { amount: format.money(most, true) })} error={good ? null : t("aftersale.amount_bad")}>
          <input inputMode="decimal" value={amount ?? writeAmount(most.amount_minor, most.currency)} onChange={(event) => onAmount(event.target.value)} data-testid="apply-amount" />
        </Field>
      )}
      <dl className="sum">
        {assessment.lines.map((line) => (
          <div key={line.line_id}>
            <dt>
              {names.get(line.line_id)} <small className="muted">{t("aftersale.max_from", { units: line.quantity, paid: format.money(line.paid, true) })}</small>
              {line.refunded.amount_minor > 0 ? <small className="muted"> · {t("aftersale.max_refunded", { amount: format.money(line.refunded, true) })}</small> : null}
              {line.lowest_price ? <small className="muted"> · {t("aftersale.max_lowest", { amount: format.money(line.lowest_price, true) })}</small> : null}
            </dt>
            <dd>{format.money(line.max, true)}</dd>
          </div>
        ))}
        {assessment.freight.amount_minor > 0 ? (
          <div>
            <dt>{t("aftersale.max_freight")}</dt>
            <dd>{format.money(assessment.freight, true)}</dd>
          </div>
        ) : null}
        <div className="sum-total">
          <dt>{t("aftersale.max_total")}</dt>
          <dd>
            <Price money={most} />
          </dd>
        </div>
      </dl>
    </section>
  );
}
