import type { ContentCard } from "@xingqu/client";

export type Source = { kind: "file"; url: string } | { kind: "hls"; url: string; fallback: string | null } | null;

/** Clips up to this long start sooner from one file than from a playlist and its segments. */
const SHORT_CLIP_MS = 30_000;

/** How a clip is played here: a plain file, the browser's own HLS, or hls.js. */
export function pickSource(card: Pick<ContentCard, "mp4_url" | "hls_url" | "duration_ms">, nativeHls: boolean): Source {
  if (card.mp4_url && (card.duration_ms <= SHORT_CLIP_MS || !card.hls_url)) return { kind: "file", url: card.mp4_url };
  if (!card.hls_url) return null;
  if (nativeHls) return { kind: "file", url: card.hls_url };
  return { kind: "hls", url: card.hls_url, fallback: card.mp4_url };
}

/** Fetches hls.js while the first page is still on its way, where a clip will need it. */
export function warmUpPlayer(): void {
  if (!playsHlsNatively(document.createElement("video"))) void import("hls.js/light");
}

export function playsHlsNatively(video: HTMLVideoElement): boolean {
  return video.canPlayType("application/vnd.apple.mpegurl") !== "";
}

/**
 * Gives a video element its source; returns how to let go of it again.
 * hls.js is loaded only when a clip needs it.
 */
export function attachSource(video: HTMLVideoElement, card: ContentCard): () => void {
  const source = pickSource(card, playsHlsNatively(video));
  let gone = false;
  let release = () => {};
  if (source?.kind === "file") video.src = source.url;
  if (source?.kind === "hls") {
    void import("hls.js/light").then(({ default: Hls }) => {
      if (gone) return;
      if (!Hls.isSupported()) {
        if (source.fallback) video.src = source.fallback;
        return;
      }
      const player = new Hls({ maxBufferLength: 12, startLevel: 0, capLevelToPlayerSize: true });
      player.on(Hls.Events.ERROR, (_event, data) => {
        if (!data.fatal) return;
        player.destroy();
        if (source.fallback) video.src = source.fallback;
      });
      player.loadSource(source.url);
      player.attachMedia(video);
      release = () => player.destroy();
    });
  }
  return () => {
    gone = true;
    release();
    video.pause();
    video.removeAttribute("src");
    video.load();
  };
}
