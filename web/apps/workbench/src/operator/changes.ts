import type { Slot } from "../api/types";

export interface Change {
  step: string;
  /** The value after the step. */
  value: number;
  /** What the step changed; null for the first. */
  by: number | null;
}

/** Running values as changes, without steps that changed nothing. */
export function changesOf(steps: Slot["steps"]): Change[] {
  return steps
    .map((step, place) => ({ ...step, by: place ? step.value - steps[place - 1]!.value : null }))
    .filter((change) => change.by === null || Math.abs(change.by) > 5e-7);
}

/** Probabilities worth showing, likeliest first. */
export function likeliest(predictions: Record<string, number>, count: number): [string, number][] {
  return Object.entries(predictions)
    .sort((one, other) => other[1] - one[1])
    .slice(0, count);
}
