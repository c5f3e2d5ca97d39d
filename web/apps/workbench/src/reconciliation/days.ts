const BEIJING_AHEAD_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** The day before a moment's, in Beijing, where every bill's day begins: "2026-11-22". */
export function dayBefore(now: Date): string {
  return new Date(now.getTime() + BEIJING_AHEAD_MS - DAY_MS).toISOString().slice(0, 10);
}
