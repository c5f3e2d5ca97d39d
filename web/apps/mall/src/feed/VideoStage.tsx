import type { ContentCard } from "@xingqu/client";
import { useTranslation } from "@xingqu/i18n";
import { type PointerEvent, useEffect, useRef, useState } from "react";
import { Picture } from "../kit/basics";
import type { PlayerRole } from "./playerWindow";
import { muteForNow } from "./sound";
import { attachSource } from "./source";

interface VideoStageProps {
  card: ContentCard;
  role: PlayerRole;
  paused: boolean;
  muted: boolean;
  speed: number;
  /** Place in the clip (ms) and the furthest share seen (0..1); called as it plays. */
  onTime: (timeMs: number, share: number) => void;
}

/** A clip: the poster below, the player fading in over it once it has a frame. */
export function VideoStage({ card, role, paused, muted, speed, onTime }: VideoStageProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [ready, setReady] = useState(false);
  const alive = role === "active" || role === "warm";
  useSource(video, card, alive, setReady);
  usePlayback(video, { active: role === "active", paused, muted, speed });
  return (
    <div className="stage-media">
      <Picture url={card.poster_url} alt="" className="stage-poster" eager={alive} />
      {alive ? (
        <video
          ref={video}
          className={`stage-video${ready ? " ready" : ""}`}
          playsInline
          loop
          muted={muted}
          preload="auto"
          tabIndex={-1}
          aria-hidden="true"
          onLoadedData={() => setReady(true)}
        />
      ) : null}
      {role === "active" ? <ProgressBar video={video} durationMs={card.duration_ms} onTime={onTime} /> : null}
    </div>
  );
}

function useSource(video: React.RefObject<HTMLVideoElement | null>, card: ContentCard, alive: boolean, setReady: (ready: boolean) => void) {
  useEffect(() => {
    const element = video.current;
    if (!alive || !element) return;
    const release = attachSource(element, card);
    return () => {
      release();
      setReady(false);
    };
    // the card's addresses never change for one id
    // oxlint-disable-next-line react/exhaustive-deps
  }, [alive, card.id]);
}

interface Playback {
  active: boolean;
  paused: boolean;
  muted: boolean;
  speed: number;
}

function usePlayback(video: React.RefObject<HTMLVideoElement | null>, { active, paused, muted, speed }: Playback) {
  useEffect(() => {
    const element = video.current;
    if (!element) return;
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
  }, [video, active, paused, muted, speed]);
}

function ProgressBar({ video, durationMs, onTime }: { video: React.RefObject<HTMLVideoElement | null>; durationMs: number; onTime: VideoStageProps["onTime"] }) {
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
