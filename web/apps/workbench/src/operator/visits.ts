import type { PersonState } from "../api/types";

type Event = PersonState["events"][number];

export interface VisitEvent {
  kind: string;
  at: string;
  /** Whether it speaks for the content, null where it says neither. */
  good: boolean | null;
  seconds: number | null;
}

export interface Visit {
  contentId: number;
  /** Of its latest event. */
  at: string;
  events: VisitEvent[];
}

const TIMED = new Set(["dwell", "skip"]);
const BAD = new Set(["skip", "unlike", "unsave", "unfollow", "not_interested", "return"]);
const NEITHER = new Set(["impression", "dwell", "search"]);

/** What one person did with one content in a row is one visit; latest first, as the events come. */
export function visitsOf(events: Event[]): Visit[] {
  const visits: Visit[] = [];
  for (const event of events) {
    const last = visits.at(-1);
    const told: VisitEvent = {
      kind: event.kind,
      at: event.at,
      good: NEITHER.has(event.kind) ? null : !BAD.has(event.kind),
      seconds: TIMED.has(event.kind) ? Math.round(event.value / 100) / 10 : null,
    };
    if (last && last.contentId === event.content_id) last.events.unshift(told);
    else visits.push({ contentId: event.content_id, at: event.at, events: [told] });
  }
  return visits;
}
