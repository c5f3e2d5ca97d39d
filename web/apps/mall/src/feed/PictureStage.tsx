import type { ContentCard } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { useEffect, useRef, useState } from "react";
import { Icon } from "../kit/Icon";
import { Picture } from "../kit/basics";
import { useReducedMotion } from "../kit/useMedia";
import type { PlayerRole } from "./playerWindow";

const SHOW_MS = 3_200;
const HANDS_OFF_MS = 8_000;

interface PictureStageProps {
  card: ContentCard;
  role: PlayerRole;
  paused: boolean;
  onShare: (share: number) => void;
  /** There is a picture on the screen: other cards may use the line now. */
  onShown: () => void;
}

/** A picture post: swiped sideways, moves on by itself until someone takes over. */
export function PictureStage({ card, role, paused, onShare, onShown }: PictureStageProps) {
  const { t } = useTranslation();
  const strip = useRef<HTMLDivElement>(null);
  const touchedAt = useRef(0);
  const [shown, setShown] = useState(0);
  const [seen, setSeen] = useState(false);
  const still = useReducedMotion();
  const active = role === "active";
  const pictures = card.pictures.length > 0 ? card.pictures : [{ url: card.poster_url, width: card.width, height: card.height }];
  const last = pictures.length - 1;

  const go = (index: number) => {
    const element = strip.current;
    element?.scrollTo({ left: element.clientWidth * index, behavior: still ? "auto" : "smooth" });
  };

  const share = useRef(onShare);
  useEffect(() => {
    share.current = onShare;
  });
  useEffect(() => {
    if (!active || paused) return;
    const timer = setTimeout(() => {
      share.current((shown + 1) / pictures.length);
      const handsOff = Date.now() - touchedAt.current > HANDS_OFF_MS;
      if (!still && handsOff && last > 0) go(shown === last ? 0 : shown + 1);
    }, SHOW_MS);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react/exhaustive-deps
  }, [active, paused, shown, still]);

  useEffect(() => {
    if (!active) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
      const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      if (step === 0) return;
      touchedAt.current = Date.now();
      go(Math.min(last, Math.max(0, shown + step)));
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
    // oxlint-disable-next-line react/exhaustive-deps
  }, [active, shown]);

  return (
    <div className="stage-media stage-pictures">
      <Picture url={pictures[shown]?.url} alt="" className="stage-backdrop" />
      <div
        ref={strip}
        className="picture-strip"
        role="group"
        aria-label={t("feed.pictures", { count: pictures.length })}
        // What scrolls must be reached by the keyboard, too.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={active && last > 0 ? 0 : undefined}
        onScroll={(event) => setShown(Math.round(event.currentTarget.scrollLeft / Math.max(1, event.currentTarget.clientWidth)))}
        onPointerDown={() => {
          touchedAt.current = Date.now();
        }}
      >
        {pictures.map((picture, index) => (
          <Picture
            key={picture.url}
            url={picture.url}
            alt={t("feed.picture_of", { at: index + 1, count: pictures.length, title: card.title })}
            className="strip-picture"
            eager={index === 0 || (seen && active && Math.abs(index - shown) <= 1)}
            onLoad={() => {
              setSeen(true);
              onShown();
            }}
          />
        ))}
      </div>
      {last > 0 ? (
        <>
          <button type="button" className="strip-arrow strip-before" hidden={shown === 0} onClick={() => go(shown - 1)} aria-label={t("feed.picture_before")}>
            <Icon name="back" />
          </button>
          <button type="button" className="strip-arrow strip-after" hidden={shown === last} onClick={() => go(shown + 1)} aria-label={t("feed.picture_after")}>
            <Icon name="forward" />
          </button>
          <div className="dots" aria-hidden="true">
            {pictures.map((picture, index) => (
              <i key={picture.url} className={index === shown ? "on" : ""} />
            ))}
          </div>
        </>
      ) : null}
    </div>
  );
}
