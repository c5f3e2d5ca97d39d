import { useEffect, useState, useSyncExternalStore } from "react";
import type { RefObject } from "react";
import type { ContentCard } from "@xingqu/client";
import { readStored, writeStored } from "../kit/storage";

const STORAGE_KEY = "xq.captions";
const listeners = new Set<() => void>();
/** Captions are shown until the person turns them off; that choice is remembered. */
let wanted = readStored<boolean>(STORAGE_KEY, true);

export function useCaptionsWanted(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => wanted,
  );
}

export function setCaptionsWanted(next: boolean): void {
  wanted = next;
  writeStored(STORAGE_KEY, next);
  for (const listener of listeners) listener();
}

/** The track in the reader's language, else the first there is. */
export function chooseTrack(tracks: ContentCard["captions"], language: string): ContentCard["captions"][number] | null {
  const short = language.slice(0, 2);
  return tracks.find((track) => track.language.startsWith(short)) ?? tracks[0] ?? null;
}

/** The words that are said now; the browser reads the file and keeps the time, the page shows them in its own way. */
export function useSpokenWords(video: RefObject<HTMLVideoElement | null>, url: string | null): string {
  const [words, setWords] = useState("");
  useEffect(() => {
    const element = video.current;
    if (!element || !url) return;
    const track = document.createElement("track");
    track.kind = "metadata";
    track.src = url;
    element.append(track);
    track.track.mode = "hidden";
    const tell = () => {
      const cues = [...(track.track.activeCues ?? [])] as VTTCue[];
      setWords(cues.map((cue) => cue.getCueAsHTML().textContent ?? "").join("\n"));
    };
    track.track.addEventListener("cuechange", tell);
    return () => {
      track.track.removeEventListener("cuechange", tell);
      track.remove();
      setWords("");
    };
  }, [video, url]);
  return words;
}
