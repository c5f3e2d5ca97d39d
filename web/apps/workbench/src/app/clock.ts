import { useSyncExternalStore } from "react";

const STEP_MS = 30_000;
const listeners = new Set<() => void>();
let now_ms = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  if (timer === undefined) now_ms = Date.now();
  listeners.add(listener);
  timer ??= setInterval(() => {
    now_ms = Date.now();
    listeners.forEach((each) => each());
  }, STEP_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time for deadlines on screen, moving on every half minute. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now_ms);
}
