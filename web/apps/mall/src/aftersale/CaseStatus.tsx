import type { AftersaleCase } from "@xingqu/client";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { Link } from "react-router";
import { Icon } from "../kit/Icon";
import { Countdown } from "../programmes/Countdown";
import "./aftersale.css";

const TONES: Record<string, string> = { success: "success", closed: "plain", failed: "warning", refunding: "info", merchant_review: "info", merchant_confirm: "info", merchant_ship: "info" };

export function CaseState({ state }: { state: AftersaleCase["state"] }) {
  const { t } = useTranslation();
  return <span className={`order-state tone-${TONES[state] ?? "warning"}`}>{t(`cases.state.${state}`)}</span>;
}

/** One line: what is happening, who must act, and by when. */
export function CaseLine({ item }: { item: AftersaleCase }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { who, by, code } = item.next_step;
  return (
    <div className="case-line" data-testid="case-line">
      <p>{t(`cases.line.buyer.${code}`)}</p>
      {who && by ? (
        <p className="case-clock">
          <Icon name="clock" size={14} />
          <b>{who === "buyer" ? t("aftersale.you_act") : t("aftersale.they_act", { who: t(`cases.side.${who}`) })}</b>
          <Countdown endsAt={by} />
          <span className="muted">{t("orders.by", { time: format.dateTime(by) })}</span>
        </p>
      ) : null}
    </div>
  );
}

/** The way to the end when both sides agree, and where the case stands on it. */
export function CaseProgress({ item }: { item: AftersaleCase }) {
  const { t } = useTranslation();
  const here = item.path.indexOf(item.state);
  const done = item.state === "success";
  return (
    <ol className="case-progress" aria-label={t("aftersale.progress")}>
      {item.path.map((state, index) => (
        <li key={state} className={done || (here >= 0 && index < here) ? "past" : index === here ? "here" : ""} aria-current={index === here ? "step" : undefined}>
          <span>{t(`aftersale.path.${state}`)}</span>
        </li>
      ))}
    </ol>
  );
}

/** An order's open case, on the order's card and page. */
export function CaseMark({ item }: { item: AftersaleCase | undefined }) {
  const { t } = useTranslation();
  if (!item) return null;
  return (
    <Link className="case-mark" to={`/aftersales/${item.case_no}`} data-testid="case-mark" data-state={item.state}>
      <Icon name="shield" size={16} />
      <b>{t(`cases.kind.${item.kind}`)}</b>
      <span>{t(`cases.line.buyer.${item.next_step.code}`)}</span>
      <Icon name="forward" size={14} />
    </Link>
  );
}
