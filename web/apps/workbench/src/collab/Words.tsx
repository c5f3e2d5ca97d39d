import { useFormat, useTranslation } from "@xingqu/i18n";
import { Tag } from "antd";

const SAMPLE_COLOURS: Record<string, string> = { applied: "processing", paying: "gold", approved: "blue", shipped: "cyan", declared: "purple", fulfilled: "success", aborted: "default", breached: "error" };
const COLLAB_COLOURS: Record<string, string> = { negotiating: "processing", funding: "gold", running: "cyan", disputed: "error", done: "success", declined: "default", lapsed: "default", cancelled: "default" };

export function SampleTag({ state }: { state: string }) {
  const { t } = useTranslation();
  return <Tag color={SAMPLE_COLOURS[state] ?? "default"}>{t(`collab.sample_state.${state}`)}</Tag>;
}

export function CollabTag({ state }: { state: string }) {
  const { t } = useTranslation();
  return <Tag color={COLLAB_COLOURS[state] ?? "default"}>{t(`collab.state.${state}`)}</Tag>;
}

/** Who must act by when; where nobody must, what the clock does then. */
export function NextStep({ side, waiting_for, due_at }: { side: "merchant" | "creator" | "platform"; waiting_for: string; due_at: string | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!due_at) return <span className="wb-muted">–</span>;
  const when = format.dateTime(due_at);
  if (!waiting_for) return <span className="wb-muted">{t("collab.next.clock", { when })}</span>;
  const mine = waiting_for === side;
  return <span className={mine ? "wb-warning" : "wb-muted"}>{mine ? t("collab.next.you", { when }) : t("collab.next.other", { who: t(`collab.side.${waiting_for}`), when })}</span>;
}

/** Amounts of this room are in the site's currency. */
export function useMoney() {
  const format = useFormat();
  return (amount_minor: number, currency = "CNY") => format.money({ amount_minor, currency }, true);
}

interface EventRow {
  version: number;
  step: string;
  side: string;
  text: string;
  at: string;
}

/** What happened, the newest first. */
export function Timeline({ events, extra }: { events: EventRow[]; extra?: (version: number) => React.ReactNode }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <ul className="wb-plain-list" aria-label={t("collab.timeline")}>
      {[...events].reverse().map((event) => (
        <li key={event.version} className="wb-notice">
          <div>
            <strong>{t(`collab.event.${event.step}`, { defaultValue: event.step })}</strong>{" "}
            <small className="wb-muted">
              {t(`collab.side.${event.side || "clock"}`)} · {format.dateTime(event.at)}
            </small>
            {event.text && <div>{event.text}</div>}
            {extra?.(event.version)}
          </div>
        </li>
      ))}
    </ul>
  );
}
