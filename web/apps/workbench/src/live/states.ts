import type { DeskRoom } from "./queries";

type State = DeskRoom["state"];
export const STATE_COLOURS: Record<State, string> = { scheduled: "blue", live: "red", paused: "gold", interrupted: "orange", ended: "default", banned: "magenta" };

export interface Step {
  name: "start" | "pause" | "resume" | "end";
  primary: boolean;
  /** Asks before it is done: it can't be undone. */
  asks: boolean;
  needsStream: boolean;
}

const END: Step = { name: "end", primary: false, asks: true, needsStream: false };
const STEPS: Record<State, Step[]> = {
  scheduled: [{ name: "start", primary: true, asks: false, needsStream: true }, END],
  live: [{ name: "pause", primary: false, asks: false, needsStream: false }, END],
  paused: [{ name: "resume", primary: true, asks: false, needsStream: true }, END],
  interrupted: [END],
  ended: [],
  banned: [],
};

/** What the host can do with the room now. */
export function stepsOf(state: State): Step[] {
  return STEPS[state];
}

/** The item moved one place up or down; the same order where it can't. */
export function moved(ids: number[], id: number, by: -1 | 1): number[] {
  const from = ids.indexOf(id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= ids.length) return ids;
  const next = [...ids];
  [next[from], next[to]] = [next[to]!, next[from]!];
  return next;
}
