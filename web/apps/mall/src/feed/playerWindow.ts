/** Players alive at once: the one on screen and the next ones, warmed up. More would starve phones of decoders. */
export const MAX_PLAYERS = 3;
/** Cards that are drawn around the active one; the rest only hold their place. */
const DRAWN_BEFORE = 2;
const DRAWN_AFTER = 3;

export type PlayerRole = "active" | "warm" | "poster" | "absent";

/** What the card at `index` does while `active` is on screen. */
export function playerRole(index: number, active: number): PlayerRole {
  if (index === active) return "active";
  if (index > active && index < active + MAX_PLAYERS) return "warm";
  if (index >= active - DRAWN_BEFORE && index <= active + DRAWN_AFTER) return "poster";
  return "absent";
}

/** Cards left after the active one when the next page is asked for. */
export const PREFETCH_LEFT = 3;

export function wantsMore(active: number, count: number): boolean {
  return count - 1 - active <= PREFETCH_LEFT;
}

/** The card that a scroll position shows. */
export function indexAt(scrollTop: number, cardHeight: number, count: number): number {
  if (cardHeight <= 0 || count === 0) return 0;
  return Math.min(count - 1, Math.max(0, Math.round(scrollTop / cardHeight)));
}
