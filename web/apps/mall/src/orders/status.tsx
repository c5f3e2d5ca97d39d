import type { Order } from "@xingqu/client";
import { formatCountdown, useFormat, useTranslation } from "@xingqu/i18n";
import { useEffect, useState } from "react";
import { Icon } from "../kit/Icon";

const STATES = new Set(["unpaid", "part_paid", "paid", "part_shipped", "shipped", "done", "cancelled", "refunding", "refunded"]);
const STEPS = new Set(["pay", "final_opens", "pay_final", "ship", "confirm_receipt", "review", "refund", "cancel_expired"]);
const TONES: Record<string, string> = { unpaid: "warning", part_paid: "warning", paid: "info", part_shipped: "info", shipped: "info", done: "success", refunding: "warning" };
const WHO = new Set(["buyer", "merchant", "carrier", "platform"]);
const COUNTDOWN_BELOW_MS = 3600_000 * 3;

export function OrderState({ state }: { state: string }) {
  const { t } = useTranslation();
  return <span className={`order-state tone-${TONES[state] ?? "plain"}`}>{t(`orders.state.${STATES.has(state) ? state : "paid"}`)}</span>;
}

/** One line: what is happening, and who must act by when. */
export function NextStep({ step }: { step: Order["next_step"] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const left = useCountdown(step.by);
  if (!STEPS.has(step.code)) return <span />;
  const opens = step.code === "final_opens"; // a time from which on, not one until when
  const who = step.who && WHO.has(step.who) ? t(`orders.who.${step.who}`) : "";
  return (
    <span className="next-step">
      <Icon name="clock" size={14} />
      {t(`orders.step.${step.code}`, { who })}
      {step.by && opens ? <time dateTime={step.by}>{format.dateTime(step.by)}</time> : null}
      {step.by && !opens && left !== null && left > 0 ? (
        <time dateTime={step.by}>{left < COUNTDOWN_BELOW_MS ? formatCountdown(left) : t("orders.by", { time: format.dateTime(step.by) })}</time>
      ) : null}
    </span>
  );
}

function useCountdown(until: string | null): number | null {
  const [now, setNow] = useState(() => Date.now());
  const target = until ? Date.parse(until) : null;
  const near = target !== null && target - now < COUNTDOWN_BELOW_MS && target > now;
  useEffect(() => {
    if (!near) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [near]);
  return target === null ? null : target - now;
}
