import { useSyncExternalStore } from "react";
import { readStored, writeStored } from "../kit/storage";

const STORAGE_KEY = "xq.sound";
const listeners = new Set<() => void>();
/** Muted until the person unmutes; that choice is remembered. */
let muted = !readStored<boolean>(STORAGE_KEY, false);

function publish(): void {
  for (const listener of listeners) listener();
}

export function useMuted(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => muted,
  );
}

export function setMuted(next: boolean): void {
  muted = next;
  writeStored(STORAGE_KEY, !next);
  publish();
}

/** The browser refused to start with sound: fall silent for now, but keep what was chosen. */
export function muteForNow(): void {
  muted = true;
  publish();
}
