import { ApiError, houseFetch, toApiError } from "@xingqu/client";
import { SIGNALS_KEY } from "../early/firstLook";
import { readStored, writeStored } from "../kit/storage";
import { type Signal, SignalQueue } from "./queue";

/** Signals older than this would be refused by the server. */
const KEEP_MS = 6 * 3600_000;

async function send(events: Signal[], { keepalive }: { keepalive: boolean }): Promise<void> {
  const response = await houseFetch(new URL("/api/v1/signals", globalThis.location.href).href, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ events, sent_at_ms: Date.now() }),
    keepalive,
  });
  if (!response.ok) throw toApiError(response.status, await response.json().catch(() => null));
}

/** Works on plain-HTTP addresses too, where crypto.randomUUID is missing. */
export function newEventId(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export const signals = new SignalQueue({
  send,
  isRetryable: (error) => error instanceof ApiError && error.retryable,
  now: () => Date.now(),
  newId: newEventId,
  load: () => readStored<Signal[]>(SIGNALS_KEY, []).filter((event) => Date.now() - event.occurred_at_ms < KEEP_MS),
  store: (events) => writeStored(SIGNALS_KEY, events),
});

/** Sends what waits whenever the page is hidden or left. Called once, at start. */
export function watchPageLife(): void {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") signals.flushOnHide();
  });
  globalThis.addEventListener("pagehide", () => signals.flushOnHide());
}
