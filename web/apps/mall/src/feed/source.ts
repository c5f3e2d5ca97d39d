import type { ContentCard } from "@xingqu/client";
import { pickSource, playsHlsNatively } from "../early/pickSource";

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
    letGo(video);
  };
}

/** Stops a video element and frees what it has loaded. */
export function letGo(video: HTMLVideoElement): void {
  video.pause();
  video.removeAttribute("src");
  video.load();
}
