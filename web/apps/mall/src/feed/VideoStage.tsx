import type { ContentCard } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { type PointerEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { takeVideo } from "../early/firstLook";
import { Picture } from "../kit/basics";
import { chooseTrack, useCaptionsWanted, useSpokenWords } from "./captions";
import type { PlayerRole } from "./playerWindow";
import { muteForNow } from "./sound";
import { attachSource, letGo } from "./source";

interface VideoStageProps {
  card: ContentCard;
  role: PlayerRole;
  paused: boolean;
  muted: boolean;
  speed: number;
  /** Place in the clip (ms) and the furthest share seen (0..1); called as it plays. */
  onTime: (timeMs: number, share: number) => void;
  /** There is a picture on the screen: other cards may use the line now. */
  onShown: () => void;
}

/** A clip: the poster below, the player fading in over it once it has a frame. */
export function VideoStage({ card, role, paused, muted, speed, onTime, onShown }: VideoStageProps) {
  const screen = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const [ready, setReady] = useState(false);
  const alive = role === "active" || role === "warm";
  useScreen(screen, video, card, alive, setReady);
  usePlayback(video, { alive, active: role === "active", paused, muted, speed });
  const shown = useRef(onShown);
  useEffect(() => {
    shown.current = onShown;
  });
  useEffect(() => {
    if (ready) shown.current();
  }, [ready]);
  return (
    <div className="stage-media">
      <Picture url={card.poster_url} alt="" className="stage-poster" eager={alive} />
      <div ref={screen} className={`stage-screen${ready ? " ready" : ""}`} aria-hidden="true" />
      {role === "active" && card.captions.length > 0 ? <Captions video={video} card={card} ready={ready} /> : null}
      {role === "active" ? <ProgressBar video={video} durationMs={card.duration_ms} onTime={onTime} /> : null}
    </div>
  );
}

function Captions({ video, card, ready }: { video: RefObject<HTMLVideoElement | null>; card: ContentCard; ready: boolean }) {
  const { i18n } = useTranslation();
  const wanted = useCaptionsWanted();
  const track = chooseTrack(card.captions, i18n.language);
  const words = useSpokenWords(video, wanted && ready && track ? track.url : null);
  return words ? (
    <p className="stage-captions" data-testid="captions">
      {words}
    </p>
  ) : null;
}

/** Keeps a player in `screen` while the card is alive: the one that already loads this clip, else a new one. */
function useScreen(
  screen: RefObject<HTMLDivElement | null>,
  video: RefObject<HTMLVideoElement | null>,
  card: ContentCard,
  alive: boolean,
  setReady: (ready: boolean) => void,
) {
  useLayoutEffect(() => {
    if (!alive || !screen.current) return;
    const begun = takeVideo(card.id);
    const element = begun ?? document.createElement("video");
    element.className = "stage-video";
    element.playsInline = true;
    element.loop = true;
    element.preload = "auto";
    element.tabIndex = -1;
    const tell = () => setReady(true);
    element.addEventListener("loadeddata", tell);
    screen.current.append(element);
    const release = begun ? () => letGo(begun) : attachSource(element, card);
    video.current = element;
    if (element.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) tell();
    return () => {
      element.removeEventListener("loadeddata", tell);
      release();
      element.remove();
      video.current = null;
      setReady(false);
    };
    // the card's addresses never change for one id
    // oxlint-disable-next-line react/exhaustive-deps
  }, [alive, card.id]);
}

interface Playback {
  alive: boolean;
  active: boolean;
  paused: boolean;
  muted: boolean;
  speed: number;
}

function usePlayback(video: RefObject<HTMLVideoElement | null>, { alive, active, paused, muted, speed }: Playback) {
  useEffect(() => {
    const element = video.current;
    if (!alive || !element) return;
    element.muted = muted;
    element.playbackRate = speed;
    if (!active) {
      element.pause();
      if (element.currentTime > 0) element.currentTime = 0;
      return;
    }
    if (paused) {
      element.pause();
      return;
    }
    element.play().catch((error: unknown) => {
      // sound before the first touch is refused: start silent instead
      if (error instanceof DOMException && error.name === "NotAllowedError" && !element.muted) muteForNow();
    });
  }, [video, alive, active, paused, muted, speed]);
}

function ProgressBar({ video, durationMs, onTime }: { video: RefObject<HTMLVideoElement | null>; durationMs: number; onTime: VideoStageProps["onTime"] }) {
  const { t } = useTranslation();
  const bar = useRef<HTMLDivElement>(null);
  const report = useRef(onTime);
  useEffect(() => {
    report.current = onTime;
  });

  useEffect(() => {
    let frame = 0;
    let furthest = 0;
    let before = 0;
    let reportedAt = 0;
    const step = (at: number) => {
      const element = video.current;
      const total = element?.duration || durationMs / 1000;
      if (element && total > 0) {
        const place = element.currentTime;
        // the clip loops: a jump back from its end means that it was seen whole
        if (before > total * 0.8 && place < before - 0.5) furthest = 1;
        before = place;
        furthest = Math.max(furthest, place / total);
        if (bar.current) bar.current.style.transform = `scaleX(${Math.min(1, place / total)})`;
        if (at - reportedAt > 200) {
          reportedAt = at;
          report.current(place * 1000, furthest);
        }
      }
      frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [video, durationMs]);

  const seek = (event: PointerEvent<HTMLElement>) => {
    const element = video.current;
    if (!element?.duration) return;
    const box = event.currentTarget.getBoundingClientRect();
    element.currentTime = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * element.duration;
  };

  return (
    <div
      className="progress"
      role="presentation"
      title={t("feed.progress")}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        seek(event);
      }}
      onPointerMove={(event) => event.buttons === 1 && seek(event)}
    >
      <div className="progress-track">
        <div ref={bar} className="progress-bar" />
      </div>
    </div>
  );
}
