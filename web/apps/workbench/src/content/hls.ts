import HlsLight from "hls.js/light";

/** Feeds the element from an HLS address; returns how to let go of it. */
export function attachHls(element: HTMLVideoElement, address: string): () => void {
  const hls = new HlsLight({ maxBufferLength: 20 });
  hls.loadSource(address);
  hls.attachMedia(element);
  return () => hls.destroy();
}
