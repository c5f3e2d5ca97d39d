import { type RefObject, useEffect } from "react";

interface ClipPlayerProps {
  player: RefObject<HTMLVideoElement | null>;
  hlsUrl: string | null;
  poster: string;
  label: string;
  onTime: (position_ms: number) => void;
}

/** Plays a clip from its HLS address; browsers that can't get hls.js on demand. */
export function ClipPlayer({ player, hlsUrl, poster, label, onTime }: ClipPlayerProps) {
  useEffect(() => {
    const element = player.current;
    if (!element || !hlsUrl) return;
    if (element.canPlayType("application/vnd.apple.mpegurl")) {
      element.setAttribute("src", hlsUrl);
      return () => element.removeAttribute("src");
    }
    let stop = () => undefined as void;
    let left = false;
    void import("./hls").then(({ attachHls }) => {
      if (!left) stop = attachHls(element, hlsUrl);
    });
    return () => {
      left = true;
      stop();
    };
  }, [player, hlsUrl]);
  return (
    <video
      ref={player}
      className="wb-phone-video"
      poster={poster || undefined}
      playsInline
      controls
      muted
      loop
      aria-label={label}
      onTimeUpdate={(event) => onTime(Math.round(event.currentTarget.currentTime * 1000))}
    />
  );
}
