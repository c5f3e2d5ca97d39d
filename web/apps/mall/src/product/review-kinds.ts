import type { ProductReviews, Review } from "@xingqu/client";

export const SHOWS = ["all", "pictures", "follow_up", "good", "middle", "low", "default"] as const;
export type Show = (typeof SHOWS)[number];
export const SORTS = ["new", "helpful", "score_high", "score_low"] as const;
export type ReviewSort = (typeof SORTS)[number];
export type Aspect = Review["spans"][number]["aspect"];

/** What a reader looks at; an aspect stands for itself and is not narrowed further. */
export interface ReviewQuery {
  show: Show;
  sort: ReviewSort;
  aspect: Aspect | null;
}

export const EVERYTHING: ReviewQuery = { show: "all", sort: "new", aspect: null };

/** How many reviews a filter holds; null where the server does not count them. */
export function countOf(summary: ProductReviews["summary"] | undefined, show: Show): number | null {
  if (!summary) return null;
  const stars = (...kinds: number[]) => kinds.reduce((sum, kind) => sum + (summary.histogram[String(kind)] ?? 0), 0);
  switch (show) {
    case "all":
      return summary.count;
    case "pictures":
      return summary.pictures;
    case "follow_up":
      return summary.follow_ups;
    case "good":
      return stars(4, 5);
    case "middle":
      return stars(3);
    case "low":
      return stars(1, 2);
    case "default":
      return summary.defaults;
  }
}

export interface Piece {
  text: string;
  /** 1 praises, -1 blames, 0 says nothing of the aspect asked for. */
  polarity: number;
}

/** A text cut where it speaks of an aspect, so that the figure shows the words it counts. */
export function piecesOf(text: string, spans: Review["spans"], aspect: Aspect | null, inFollowUp: boolean): Piece[] {
  const letters = [...text];
  const wanted = spans.filter((span) => span.aspect === aspect && span.in_follow_up === inFollowUp && span.polarity !== 0).sort((a, b) => a.start - b.start);
  const pieces: Piece[] = [];
  let at = 0;
  for (const span of wanted) {
    if (span.start < at || span.end > letters.length) continue;
    if (span.start > at) pieces.push({ text: letters.slice(at, span.start).join(""), polarity: 0 });
    pieces.push({ text: letters.slice(span.start, span.end).join(""), polarity: span.polarity });
    at = span.end;
  }
  if (at < letters.length) pieces.push({ text: letters.slice(at).join(""), polarity: 0 });
  return pieces;
}

/** Share of praise in whole percent. */
export function praiseOf(aspect: { mentions: number; positive: number }): number {
  return aspect.mentions === 0 ? 0 : Math.round((100 * aspect.positive) / aspect.mentions);
}
