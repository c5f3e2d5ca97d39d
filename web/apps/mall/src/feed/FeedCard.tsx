import type { ContentCard } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { memo, useEffect, useRef, useState } from "react";
import { setLiked, shareContent, useEngagement } from "../content/engagement";
import { Icon } from "../kit/Icon";
import { showToast } from "../kit/toast";
import { useDesktop } from "../kit/useMedia";
import { useReport } from "../kit/useReport";
import type { SignalInput, SignalKind } from "../signals/queue";
import { signals } from "../signals/signals";
import { Watch, type WatchContext } from "../signals/watch";
import { BEGINNING, movedTo, standingAnchor } from "./anchors";
import { Foot } from "./Foot";
import { type Point, useStageGestures } from "./gestures";
import { PictureStage } from "./PictureStage";
import type { PlayerRole } from "./playerWindow";
import { Rail } from "./Rail";
import { setMuted, useMuted } from "./sound";
import type { PlacedItem, Surface } from "./useFeed";
import { VideoStage } from "./VideoStage";
import { useWhyText } from "./why";

export type Panel = "comments" | "options" | "why" | "products" | { product: number };

export interface CardActions {
  toggleLike: () => void;
  openComments: () => void;
  openOptions: () => void;
  openWhy: () => void;
  openProduct: (productId: number) => void;
  openProducts: () => void;
  share: () => void;
  signal: (kind: SignalKind, extra?: Partial<SignalInput>) => void;
}

interface FeedCardProps {
  item: PlacedItem;
  role: PlayerRole;
  surface: Surface;
  speed: number;
  onPanel: (panel: Panel) => void;
  /** This card's picture or first frame is on the screen. */
  onShown?: (() => void) | undefined;
}

const HEART_MS = 900;
/** A product without a moment of its own rises after the first look. */
const ANCHOR_AFTER_MS = 900;

export const FeedCard = memo(function FeedCard({ item, role, surface, speed, onPanel, onShown }: FeedCardProps) {
  const { t } = useTranslation();
  const whyText = useWhyText();
  const card = item.content;
  const active = role === "active";
  const muted = useMuted();
  const [shown, setShown] = useState(false);
  const [paused, setPaused] = useState(false);
  const [hearts, setHearts] = useState<(Point & { id: number })[]>([]);
  const [place, setPlace] = useState(BEGINNING);
  const watch = useWatch(item, active, surface);
  const actions = useCardActions(item, surface, onPanel);
  const { liked } = useEngagement(card);
  const [looked, setLooked] = useState(false);
  const standing = standingAnchor(card.anchors, place.now, place.furthest, looked);
  useFirstLook(active, card, setLooked);

  useEffect(() => {
    if (!active) {
      setPaused(false);
      setPlace(BEGINNING);
      setLooked(false);
    }
  }, [active]);
  useCardKeys(active, { pause: () => setPaused((now) => !now), like: actions.toggleLike, comments: actions.openComments });

  const show = () => {
    setShown(true);
    onShown?.();
  };
  const burst = (at: Point) => {
    const heart = { ...at, id: performance.now() };
    setHearts((now) => [...now, heart]);
    setTimeout(() => setHearts((now) => now.filter((other) => other.id !== heart.id)), HEART_MS);
  };
  const gestures = useStageGestures({
    tap: () => setPaused((now) => !now),
    doubleTap: (at) => {
      burst(at);
      if (!liked) actions.toggleLike();
    },
    longPress: actions.openOptions,
  });

  return (
    <div
      className="stage"
      data-testid={active ? "feed-active" : undefined}
      data-content-id={card.id}
      data-kind={card.kind}
      data-tags={card.topic_tags.map((tag) => tag.name).join(",")}
      data-paused={paused}
    >
      <div
        className="stage-touch"
        {...gestures}
        onContextMenu={(event) => {
          event.preventDefault();
          actions.openOptions();
        }}
      >
        {card.kind === "picture" ? (
          <PictureStage card={card} role={role} paused={paused} onShare={(share) => watch.current?.progress(share)} onShown={show} />
        ) : (
          <VideoStage
            card={card}
            role={role}
            paused={paused}
            muted={muted}
            speed={speed}
            onShown={show}
            onTime={(timeMs, share) => {
              setPlace((before) => movedTo(card.anchors, before, timeMs));
              watch.current?.progress(share);
            }}
          />
        )}
        {hearts.map((heart) => (
          <span key={heart.id} className="heart-burst" style={{ left: heart.x, top: heart.y }}>
            <Icon name="heart" size={96} filled />
          </span>
        ))}
      </div>
      {paused ? (
        <span className="stage-paused" aria-hidden="true">
          <Icon name="play" size={72} filled />
        </span>
      ) : null}
      {active ? (
        <button type="button" className="stage-toggle" onClick={() => setPaused(!paused)} aria-label={paused ? t("feed.play") : t("feed.pause")}>
          <Icon name="play" size={18} filled />
        </button>
      ) : null}
      {active && muted && card.kind === "video" ? (
        <button type="button" className="unmute" onClick={() => setMuted(false)} data-testid="unmute-button">
          <Icon name="muted" size={18} />
          {t("feed.unmute")}
        </button>
      ) : null}
      {role === "absent" ? null : (
        <>
          <div className="stage-shade" aria-hidden="true" />
          <Rail item={item} actions={actions} active={active} />
          <Foot card={card} standing={standing} anchorNear={shown || standing >= 0} actions={actions} whyText={whyText.line(item.why)} flashes={item.flash ?? []} />
        </>
      )}
    </div>
  );
});

/** Impression, dwell, completion and skip of this card while it is the one on screen. */
function useWatch(item: PlacedItem, active: boolean, surface: Surface) {
  const watch = useRef<Watch | null>(null);
  const card = item.content;
  useEffect(() => {
    if (!active) return;
    const product = card.anchors[0]?.product.id;
    const context: WatchContext = {
      content_id: card.id,
      creator_id: card.creator.id,
      ...(product ? { product_id: product } : {}),
      ...(item.requestId ? { request_id: item.requestId } : {}),
      position: item.position,
      surface,
    };
    const look = new Watch(context, (signal) => signals.track(signal), () => Date.now());
    watch.current = look;
    const onVisibility = () => look.setVisible(document.visibilityState === "visible");
    document.addEventListener("visibilitychange", onVisibility);
    return () => {
      document.removeEventListener("visibilitychange", onVisibility);
      look.end();
      watch.current = null;
    };
    // one look belongs to one card on screen, whatever else about it changes
    // oxlint-disable-next-line react/exhaustive-deps
  }, [active, card.id, item.requestId]);
  return watch;
}

/** Whether the card was looked at long enough for a product without a time to rise. */
function useFirstLook(active: boolean, card: ContentCard, setLooked: (looked: boolean) => void) {
  const waits = card.kind === "picture" || card.anchors.some((anchor) => anchor.show_from_ms === null);
  useEffect(() => {
    if (!active || !waits) return;
    const timer = setTimeout(() => setLooked(true), ANCHOR_AFTER_MS);
    return () => clearTimeout(timer);
  }, [active, waits, setLooked]);
}

function useCardActions(item: PlacedItem, surface: Surface, onPanel: (panel: Panel) => void): CardActions {
  const { t } = useTranslation();
  const report = useReport();
  const desktop = useDesktop();
  const card = item.content;
  const { liked } = useEngagement(card);

  const signal: CardActions["signal"] = (kind, extra = {}) => {
    const base = { content_id: card.id, creator_id: card.creator.id, ...(item.requestId ? { request_id: item.requestId } : {}), position: item.position, surface };
    signals.track({ kind, ...base, ...extra });
  };
  const share = async () => {
    signal("share");
    try {
      const url = new URL(await shareContent(card), globalThis.location.href).href;
      if (!desktop && navigator.share) await navigator.share({ title: card.title, url });
      else {
        await navigator.clipboard.writeText(url);
        showToast(t("feed.link_copied"));
      }
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) report(error);
    }
  };
  return {
    signal,
    share: () => void share(),
    toggleLike: () => {
      signal(liked ? "unlike" : "like");
      setLiked(card, !liked).catch(report);
    },
    openComments: () => onPanel("comments"),
    openOptions: () => onPanel("options"),
    openWhy: () => onPanel("why"),
    openProducts: () => onPanel("products"),
    openProduct: (productId) => {
      signal("product_click", { product_id: productId });
      onPanel({ product: productId });
    },
  };
}

/** Space pauses, L likes, C opens comments, M switches the sound. */
function useCardKeys(active: boolean, on: { pause: () => void; like: () => void; comments: () => void }) {
  const handlers = useRef(on);
  const muted = useMuted();
  useEffect(() => {
    handlers.current = on;
  });
  useEffect(() => {
    if (!active) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target as HTMLElement;
      if (target.closest("input, textarea, select, [role=dialog]")) return;
      const key = event.key.toLowerCase();
      if (key === " " && !target.closest("button, a")) {
        event.preventDefault();
        handlers.current.pause();
      } else if (key === "l") handlers.current.like();
      else if (key === "c") handlers.current.comments();
      else if (key === "m") setMuted(!muted);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [active, muted]);
}
