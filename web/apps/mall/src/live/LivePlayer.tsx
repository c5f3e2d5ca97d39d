import { useTranslation } from "@xingqu/i18n";
import { useEffect, useRef, useState } from "react";
import { playsHlsNatively } from "../early/pickSource";
import { muteForNow, setMuted, useMuted } from "../feed/sound";
import { Icon } from "../kit/Icon";
import { noteShown } from "./latency";

const RETRY_MS = 1_500;
const LATENCY_MS = 2_000;

/** The room's picture: close to live, and again by itself when the line broke. */
export function LivePlayer({ url }: { url: string }) {
  const { t } = useTranslation();
  const video = useRef<HTMLVideoElement>(null);
  const muted = useMuted();
  const [playing, setPlaying] = useState(false);
  useLiveSource(video, url, true);
  useEffect(() => {
    if (video.current) video.current.muted = muted;
  }, [muted]);
  return (
    <>
      <video ref={video} className="live-video" data-testid="live-video" playsInline autoPlay muted={muted} onPlaying={() => setPlaying(true)} aria-label={t("live.video")} />
      {playing ? null : (
        <p className="live-veil" role="status">
          {t("live.loading")}
        </p>
      )}
      <button type="button" className="live-sound" aria-pressed={!muted} aria-label={muted ? t("feed.unmute") : t("feed.mute")} onClick={() => setMuted(!muted)}>
        <Icon name={muted ? "muted" : "sound"} size={22} />
      </button>
    </>
  );
}

/** A room's picture without sound, to look into. */
export function LivePreview({ url, label, cover }: { url: string; label: string; cover: string }) {
  const video = useRef<HTMLVideoElement>(null);
  useLiveSource(video, url);
  return <video ref={video} className="live-preview" data-testid="live-preview" poster={cover || undefined} playsInline autoPlay muted aria-label={label} />;
}

/** `measures`: how far behind the picture is, told with the time one watches. */
function useLiveSource(video: React.RefObject<HTMLVideoElement | null>, url: string, measures = false) {
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    let gone = false;
    let release = () => {};
    let shownAt = () => startOf(element);
    const timer = window.setInterval(() => {
      const shown = measures && !element.paused && element.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA ? shownAt() : null;
      if (shown !== null) noteShown(shown);
    }, LATENCY_MS);
    const play = () =>
      element.play().catch((error: unknown) => {
        if (error instanceof DOMException && error.name === "NotAllowedError" && !element.muted) muteForNow();
      });
    const begin = async () => {
      if (playsHlsNatively(element)) {
        element.src = url;
        play();
        return;
      }
      const { default: Hls } = await import("hls.js/light");
      if (gone || !Hls.isSupported()) return;
      const player = new Hls({ liveSyncDurationCount: 2, liveMaxLatencyDurationCount: 6, maxLiveSyncPlaybackRate: 1.3, backBufferLength: 10, manifestLoadingMaxRetry: 8 });
      let again = 0;
      player.on(Hls.Events.ERROR, (_event, data) => {
        if (!data.fatal) return;
        player.destroy();
        again = window.setTimeout(() => void begin(), RETRY_MS);
      });
      player.on(Hls.Events.MANIFEST_PARSED, play);
      shownAt = () => player.playingDate?.getTime() ?? null;
      player.loadSource(url);
      player.attachMedia(element);
      release = () => {
        window.clearTimeout(again);
        player.destroy();
      };
    };
    void begin();
    return () => {
      gone = true;
      window.clearInterval(timer);
      release();
      element.removeAttribute("src");
      element.load();
    };
  }, [video, url, measures]);
}

/** The time of the frame that a browser shows which plays HLS by itself. */
function startOf(element: HTMLVideoElement): number | null {
  const start = (element as HTMLVideoElement & { getStartDate?: () => Date }).getStartDate?.().getTime();
  return start ? start + element.currentTime * 1_000 : null;
}
