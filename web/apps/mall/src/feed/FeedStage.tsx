import { useTranslation } from "@xingqu/i18n";
import { lazy, type RefObject, Suspense, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { endFirstLook } from "../early/firstLook";
import { Icon } from "../kit/Icon";
import { dialogOpen } from "../kit/useDialogFocus";
import { useDesktop, useReducedMotion } from "../kit/useMedia";
import { FeedCard, type Panel } from "./FeedCard";
import { indexAt, playerRole, wantsMore } from "./playerWindow";
import { lastPlace, type PlacedItem, type Surface } from "./useFeed";

/** What rises over the stage is fetched once the first card is there, so that it doesn't delay that. */
const loadPanels = () => import("./FeedPanels").then(({ FeedPanels: panels }) => ({ default: panels }));
const FeedPanels = lazy(loadPanels);

interface FeedStageProps {
  items: PlacedItem[];
  surface: Surface;
  /** Under which name the place is remembered while the person looks elsewhere. */
  placeKey: string;
  hasMore: boolean;
  loadingMore: boolean;
  failed?: boolean;
  onMore: () => void;
  onRefresh?: () => void;
}

/** From then on the other cards are fetched, too, even when the first one still has no picture. */
const ALONE_MS = 4_000;
const WHEEL_PAUSE_MS = 520;
const WHEEL_STEP_PX = 18;

/** The stack of cards: one swipe, wheel turn or key press moves one card. */
export function FeedStage({ items, surface, placeKey, hasMore, loadingMore, failed = false, onMore, onRefresh }: FeedStageProps) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(() => rememberedIndex(items, placeKey));
  const [panel, setPanel] = useState<Panel | null>(null);
  const [speed, setSpeed] = useState(1);
  const desktop = useDesktop();
  const { alone, share } = useAlone();
  const current = items[Math.min(active, items.length - 1)];
  const go = useStepper(scroller, active, items.length);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element) element.scrollTop = active * element.clientHeight;
    // only where the person comes back to; from then on the scroller leads
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);
  useEffect(() => {
    if (current) lastPlace[placeKey] = current.content.id;
  }, [current, placeKey]);
  useEffect(() => {
    if (hasMore && !loadingMore && !failed && wantsMore(active, items.length)) onMore();
  }, [active, items.length, hasMore, loadingMore, failed, onMore]);
  useResize(scroller, active);

  const onScroll = useCallback(() => {
    const element = scroller.current;
    share();
    if (element) setActive(indexAt(element.scrollTop, element.clientHeight, items.length));
  }, [items.length, share]);

  const close = useCallback(() => setPanel(null), []);
  const docked = desktop && (panel === "comments" || typeof panel === "object");

  return (
    <div className={`feed-body${docked && panel ? " with-panel" : ""}`}>
      <div ref={scroller} className="feed-scroller" onScroll={onScroll} tabIndex={-1} data-testid="feed-scroller">
        {items.map((item, index) => {
          const role = alone && index !== active ? "absent" : playerRole(index, active);
          return (
            <section key={item.content.id} className="feed-slot" aria-hidden={index !== active} inert={index !== active} aria-label={item.content.title} data-testid="feed-card" data-content-id={item.content.id}>
              {role === "absent" ? null : <FeedCard item={item} role={role} surface={surface} speed={speed} onPanel={setPanel} onShown={index === active ? share : undefined} />}
            </section>
          );
        })}
        {hasMore ? null : (
          <section className="feed-slot feed-end">
            <p>{t("feed.end")}</p>
            {onRefresh ? (
              <button type="button" className="button" onClick={onRefresh}>
                {t("feed.refresh")}
              </button>
            ) : null}
          </section>
        )}
        {failed ? (
          <div className="feed-failed" role="alert">
            {t("common:errors.network")}
            <button type="button" onClick={onMore}>
              {t("common:actions.retry")}
            </button>
          </div>
        ) : null}
      </div>
      <div className="feed-steps">
        <button type="button" className="icon-button" onClick={() => go(-1)} disabled={active === 0} aria-label={t("feed.before")}>
          <Icon name="up" />
        </button>
        <button type="button" className="icon-button" onClick={() => go(1)} disabled={active >= items.length - 1} aria-label={t("feed.next")} data-testid="feed-next">
          <Icon name="down" />
        </button>
      </div>
      {current && panel ? (
        <Suspense fallback={null}>
          <FeedPanels panel={panel} item={current} surface={surface} desktop={desktop} speed={speed} onSpeed={setSpeed} onPanel={setPanel} onClose={close} />
        </Suspense>
      ) : null}
    </div>
  );
}

/** Whether the active card has the line for itself: until it has a picture, the person moves, or it takes too long. */
function useAlone(): { alone: boolean; share: () => void } {
  const [alone, setAlone] = useState(true);
  const share = useCallback(() => setAlone(false), []);
  useEffect(() => {
    endFirstLook();
    const timer = setTimeout(share, ALONE_MS);
    return () => clearTimeout(timer);
  }, [share]);
  useEffect(() => {
    if (!alone) void loadPanels();
  }, [alone]);
  return { alone, share };
}

function rememberedIndex(items: PlacedItem[], placeKey: string): number {
  const contentId = lastPlace[placeKey];
  return Math.max(0, items.findIndex((item) => item.content.id === contentId));
}

/** Arrow keys, J/K, page keys and the wheel: always one card. */
function useStepper(scroller: RefObject<HTMLDivElement | null>, active: number, count: number) {
  const still = useReducedMotion();
  const state = useRef({ active, count });
  useEffect(() => {
    state.current = { active, count };
  });
  const go = useCallback(
    (step: number) => {
      const element = scroller.current;
      if (!element) return;
      const target = Math.min(state.current.count - 1, Math.max(0, indexAt(element.scrollTop, element.clientHeight, state.current.count) + step));
      element.scrollTo({ top: target * element.clientHeight, behavior: still ? "auto" : "smooth" });
    },
    [scroller, still],
  );
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const target = event.target as HTMLElement;
      if (target.closest("input, textarea, select, [role=dialog], .sheet-docked") || (dialogOpen() && document.querySelector("[role=dialog]"))) return;
      if (["ArrowDown", "j", "J", "PageDown"].includes(event.key)) {
        event.preventDefault();
        go(1);
      } else if (["ArrowUp", "k", "K", "PageUp"].includes(event.key)) {
        event.preventDefault();
        go(-1);
      }
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [go]);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let quietUntil = 0;
    const onWheel = (event: WheelEvent) => {
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
      event.preventDefault();
      if (event.timeStamp < quietUntil || Math.abs(event.deltaY) < WHEEL_STEP_PX) return;
      quietUntil = event.timeStamp + WHEEL_PAUSE_MS;
      go(Math.sign(event.deltaY));
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [scroller, go]);
  return go;
}

/** A turned phone or a resized window keeps the same card. */
function useResize(scroller: RefObject<HTMLDivElement | null>, active: number) {
  const at = useRef(active);
  useEffect(() => {
    at.current = active;
  });
  useEffect(() => {
    const element = scroller.current;
    if (!element || !("ResizeObserver" in globalThis)) return;
    let height = element.clientHeight;
    const observer = new ResizeObserver(() => {
      if (element.clientHeight === height) return;
      height = element.clientHeight;
      element.scrollTop = at.current * height;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);
}
