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

export function playsHlsNatively(video: HTMLVideoElement): boolean {
  return video.canPlayType("application/vnd.apple.mpegurl") !== "";
}
