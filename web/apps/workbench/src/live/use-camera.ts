import { useCallback, useEffect, useRef, useState } from "react";
import { get } from "../api/http";
import { chooseMime, nextTry, type Sending, sendStream } from "./camera";
import type { StreamKey } from "./queries";

export type CameraState = "off" | "ready" | "joining" | "sending" | "again";

export interface Devices {
  video?: string;
  audio?: string;
}

/** A phone held upright; a camera that lies gives what it has, never more than can be sent. */
const PORTRAIT = { width: { ideal: 720, max: 1280 }, height: { ideal: 1280, max: 1280 }, frameRate: { ideal: 30, max: 30 } };

/** This device's camera and microphone as the room's encoder. A line that breaks is taken up again. */
export function useCamera(shopId: number, roomId: number) {
  const [state, setState] = useState<CameraState>("off");
  const [problem, setProblem] = useState("");
  const [media, setMedia] = useState<MediaStream | null>(null);
  const [devices, setDevices] = useState<MediaDeviceInfo[]>([]);
  const sending = useRef<Sending | null>(null);
  const timer = useRef(0);
  const wanted = useRef(false);

  const halt = useCallback(() => {
    wanted.current = false;
    window.clearTimeout(timer.current);
    sending.current?.stop();
    sending.current = null;
  }, []);

  const open = async (chosen: Devices = {}) => {
    setProblem("");
    if (!navigator.mediaDevices || typeof MediaRecorder === "undefined") return setProblem("no_camera_here");
    try {
      const video = { ...PORTRAIT, ...(chosen.video ? { deviceId: { exact: chosen.video } } : { facingMode: "user" }) };
      const found = await navigator.mediaDevices.getUserMedia({ video, audio: chosen.audio ? { deviceId: { exact: chosen.audio } } : true });
      for (const track of media?.getTracks() ?? []) track.stop();
      setMedia(found);
      setState("ready");
      setDevices(await navigator.mediaDevices.enumerateDevices());
    } catch (error) {
      setProblem(error instanceof DOMException && error.name === "NotAllowedError" ? "camera_denied" : "camera_missing");
    }
  };

  const join = async (stream: MediaStream, tries: number): Promise<void> => {
    const mime = chooseMime((one) => MediaRecorder.isTypeSupported(one));
    if (mime === null) return setProblem("no_camera_here");
    wanted.current = true;
    setState(tries === 0 ? "joining" : "again");
    let failed = tries;
    const ended = (reason: string) => {
      if (!wanted.current) return;
      const wait = nextTry(reason, failed);
      if (wait === null) {
        wanted.current = false;
        setProblem(reason);
        return setState("ready");
      }
      setState("again");
      timer.current = window.setTimeout(() => void join(stream, failed + 1), wait);
    };
    try {
      const { stream_key } = await get<StreamKey>(`/shops/${shopId}/live-rooms/${roomId}/stream-key`);
      if (!wanted.current) return;
      sending.current = sendStream(stream, mime, stream_key, {
        onOpen: () => {
          failed = 0;
          setProblem("");
          setState("sending");
        },
        onEnd: ended,
      });
    } catch {
      ended("line");
    }
  };

  const stop = () => {
    halt();
    setState("ready");
  };

  const close = () => {
    halt();
    for (const track of media?.getTracks() ?? []) track.stop();
    setMedia(null);
    setState("off");
  };

  const busy = state === "sending" || state === "again" || state === "joining";
  useEffect(() => {
    if (!busy) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    const lock = navigator.wakeLock?.request("screen").catch(() => null);
    return () => {
      window.removeEventListener("beforeunload", ask);
      void lock?.then((held) => held?.release());
    };
  }, [busy]);

  useEffect(() => halt, [halt]);
  useEffect(() => () => media?.getTracks().forEach((track) => track.stop()), [media]);

  return { state, problem, media, devices, open, start: () => media && void join(media, 0), stop, close };
}
