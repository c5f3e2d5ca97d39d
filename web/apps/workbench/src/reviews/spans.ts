import type { Review } from "../api/types";

export interface Piece {
  text: string;
  polarity: number;
}

/** A text cut where it speaks of an aspect; without one, at every opinion. Places count letters as the server does. */
export function piecesOf(text: string, spans: Review["spans"], aspect: string | undefined, inFollowUp: boolean): Piece[] {
  const letters = [...text];
  const wanted = spans.filter((span) => span.in_follow_up === inFollowUp && span.polarity !== 0 && (aspect === undefined || span.aspect === aspect)).sort((a, b) => a.start - b.start);
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
