import type { ContentCard } from "@xingqu/client";

type Anchor = Pick<ContentCard["anchors"][number], "show_from_ms" | "show_until_ms">;

/**
 * Which product stands on the screen, by its place; -1 for none. One with an end stands in its time, each time the clip comes by;
 * one with a beginning only stays once it has come; one without times rises after the first look. The latest to come stands.
 */
export function standingAnchor(anchors: readonly Anchor[], timeMs: number, furthestMs: number, looked: boolean): number {
  let standing = -1;
  let since = -1;
  anchors.forEach((anchor, place) => {
    const { show_from_ms: from, show_until_ms: until } = anchor;
    const now = until === null ? furthestMs : timeMs;
    const up = from === null && until === null ? looked : now >= (from ?? 0) && (until === null || timeMs < until);
    if (up && (from ?? 0) > since) {
      standing = place;
      since = from ?? 0;
    }
  });
  return standing;
}

/** Where a clip is and how far it has come. */
export interface Place {
  now: number;
  furthest: number;
}

export const BEGINNING: Place = { now: 0, furthest: 0 };

/** The place after the clip went on: the same one as long as nothing rises or goes, so that nothing is drawn anew for it. */
export function movedTo(anchors: readonly Anchor[], before: Place, timeMs: number): Place {
  const after = { now: timeMs, furthest: Math.max(before.furthest, timeMs) };
  const same = (place: Place) => standingAnchor(anchors, place.now, place.furthest, true);
  return same(before) === same(after) ? before : after;
}
