/** What a recorder is asked for, the best first: H.264 is passed on as it is, the others the site has to encode. */
const MIMES = ["video/webm;codecs=h264,opus", "video/mp4;codecs=avc1.42E01F,mp4a.40.2", "video/webm;codecs=vp8,opus", "video/webm;codecs=vp9,opus"];

export function chooseMime(supported: (mime: string) => boolean): string | null {
  return MIMES.find(supported) ?? null;
}

/** Codes after which it is of no use to try again; after any other the line is taken up again. */
const FINAL = new Set(["unknown_key", "wrong_state", "already_publishing", "backend_off", "too_many", "no_ffmpeg", "protocol", "stopped", "key_rotated", "video_codec", "audio_codec"]);

/** Milliseconds until the next try after `tries` that failed, null when there is none. */
export function nextTry(reason: string, tries: number): number | null {
  return FINAL.has(reason) || tries >= 8 ? null : Math.min(10_000, 1_000 * 2 ** tries);
}

export interface Sending {
  stop: () => void;
}

interface Told {
  onOpen: () => void;
  /** `reason` is a code: the site's, or `line` when the line broke, or `slow` when it is too slow. */
  onEnd: (reason: string) => void;
}

const PIECE_MS = 250;
/** More than this unsent: the line is too slow for the picture. */
const UNSENT_MAX = 6_000_000;
const RECORDER = { videoBitsPerSecond: 2_500_000, audioBitsPerSecond: 96_000, videoKeyFrameIntervalDuration: 1_000 };

/** Sends a camera's picture and sound to the room, until it is stopped or ends. */
export function sendStream(media: MediaStream, mime: string, key: string, told: Told): Sending {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/rt/live-push`);
  let recorder: MediaRecorder | null = null;
  let over = false;
  const end = (reason: string) => {
    if (over) return;
    over = true;
    if (recorder && recorder.state !== "inactive") recorder.stop();
    socket.close();
    told.onEnd(reason);
  };
  socket.addEventListener("open", () => socket.send(JSON.stringify({ key, mime })));
  socket.addEventListener("message", () => {
    recorder = new MediaRecorder(media, { mimeType: mime, ...RECORDER } as MediaRecorderOptions);
    recorder.addEventListener("dataavailable", (event) => {
      if (over || event.data.size === 0) return;
      if (socket.bufferedAmount > UNSENT_MAX) end("slow");
      else socket.send(event.data);
    });
    recorder.start(PIECE_MS);
    told.onOpen();
  });
  socket.addEventListener("close", (event) => end(event.reason || "line"));
  return { stop: () => end("") };
}
