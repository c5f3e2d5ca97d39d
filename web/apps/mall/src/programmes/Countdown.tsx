import { useTranslation } from "@xingqu/i18n";
import { useEffect, useRef, useState } from "react";
import { timeLeft } from "./time";

/** Counts down to a moment; tells once when it is reached. Read out as a whole, not every second. */
export function Countdown({ endsAt, onOver }: { endsAt: string; onOver?: () => void }) {
  const { t } = useTranslation();
  const [now, setNow] = useState(() => Date.now());
  const over = useRef(onOver);
  useEffect(() => {
    over.current = onOver;
  });
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
      if (Date.now() < new Date(endsAt).getTime()) return;
      clearInterval(timer);
      over.current?.();
    }, 1000);
    return () => clearInterval(timer);
  }, [endsAt]);
  const left = timeLeft(endsAt, now);
  const text = left ? (left.days > 0 ? t("programmes.days_left", { count: left.days, clock: left.clock }) : left.clock) : t("programmes.over");
  return (
    <span className="countdown" role="timer" aria-live="off">
      {text}
    </span>
  );
}
