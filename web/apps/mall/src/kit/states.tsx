import { useErrorText, useTranslation } from "@xingqu/i18n";
import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon";

/** Nothing here yet: says so and what to do next. */
export function EmptyState({ icon, title, hint, action }: { icon: IconName; title: string; hint?: string; action?: ReactNode }) {
  return (
    <div className="state" data-testid="empty-state">
      <span className="state-mark">
        <Icon name={icon} size={34} />
      </span>
      <p className="state-title">{title}</p>
      {hint ? <p className="state-hint">{hint}</p> : null}
      {action}
    </div>
  );
}

/** What happened and a way on. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  return (
    <div className="state" role="alert">
      <span className="state-mark state-mark-bad">
        <Icon name="info" size={34} />
      </span>
      <p className="state-title">{errorText(error)}</p>
      {onRetry ? (
        <button type="button" className="button button-quiet" onClick={onRetry}>
          {t("common:actions.retry")}
        </button>
      ) : null}
    </div>
  );
}

export function Skeleton({ className = "", count = 1 }: { className?: string; count?: number }) {
  return (
    <>
      {Array.from({ length: count }, (_, at) => (
        <span key={at} className={`skeleton ${className}`} aria-hidden="true" />
      ))}
    </>
  );
}

/** A list's rows while they load. */
export function SkeletonRows({ count = 4, className = "skeleton-row" }: { count?: number; className?: string }) {
  const { t } = useTranslation("common");
  return (
    <div className="skeleton-stack" role="status" aria-label={t("loading")}>
      <Skeleton className={className} count={count} />
    </div>
  );
}
