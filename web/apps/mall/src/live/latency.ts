/** How far behind the site's own clock the picture is that one sees: from the time the playlist writes on each segment. */

let clockAheadMs: number | null = null;
let playing: { latencyMs: number; atMs: number } | null = null;
const FRESH_MS = 20_000;

/** A message that the site has just sent says what time it is there; the quickest message is right about it. */
export function noteServerTime(serverMs: number, nowMs = Date.now()): void {
  const ahead = nowMs - serverMs;
  clockAheadMs = clockAheadMs === null ? ahead : Math.min(clockAheadMs, ahead);
}

/** The frame that is shown now came to the site at `shownMs` of its clock. */
export function noteShown(shownMs: number, nowMs = Date.now()): void {
  if (clockAheadMs !== null) playing = { latencyMs: Math.max(0, Math.round(nowMs - clockAheadMs - shownMs)), atMs: nowMs };
}

/** What is known of it now. */
export function latencyNow(nowMs = Date.now()): number | null {
  return playing && nowMs - playing.atMs < FRESH_MS ? playing.latencyMs : null;
}

export function forgetLatency(): void {
  clockAheadMs = playing = null;
}
