import { useTranslation } from "@xingqu/i18n";
import { useEffect, useRef } from "react";

/** Asks for the next page when it comes into view; a button for those who don't scroll. */
export function LoadMore({ hasMore, busy, onMore }: { hasMore: boolean; busy: boolean; onMore: () => void }) {
  const { t } = useTranslation("common");
  const mark = useRef<HTMLDivElement>(null);
  const more = useRef(onMore);
  useEffect(() => {
    more.current = onMore;
  });
  useEffect(() => {
    if (!hasMore || busy || !mark.current || !("IntersectionObserver" in globalThis)) return;
    const observer = new IntersectionObserver((entries) => entries[0]?.isIntersecting && more.current(), { rootMargin: "600px" });
    observer.observe(mark.current);
    return () => observer.disconnect();
  }, [hasMore, busy]);
  if (!hasMore) return null;
  return (
    <div ref={mark} className="load-more">
      <button type="button" className="button button-quiet" onClick={onMore} disabled={busy}>
        {busy ? t("loading") : t("actions.load_more")}
      </button>
    </div>
  );
}
