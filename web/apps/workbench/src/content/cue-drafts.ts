import type { Cue } from "./desk";
import { clipTimeToInput, parseClipTime } from "./work-form";

/** A caption as it is typed; `key` tells rows apart. */
export interface CueDraft {
  key: number;
  from: string;
  to: string;
  text: string;
}

const LENGTH_MS = 2000;

export function draftsFrom(cues: readonly Cue[]): CueDraft[] {
  return cues.map((cue, key) => ({ key, from: clipTimeToInput(cue.start_ms), to: clipTimeToInput(cue.end_ms), text: cue.text }));
}

/** The captions that the rows say; null while one can't be read. Rows without words are left out. */
export function cuesFrom(rows: readonly CueDraft[]): Cue[] | null {
  const cues: Cue[] = [];
  for (const row of rows) {
    if (row.text.trim() === "") continue;
    const start_ms = parseClipTime(row.from);
    const end_ms = parseClipTime(row.to);
    if (start_ms === null || end_ms === null || end_ms <= start_ms) return null;
    cues.push({ start_ms, end_ms, text: row.text.trim() });
  }
  return cues;
}

/** A row for what is said next: after the last one, or where the preview stands when that is later. */
export function nextDraft(rows: readonly CueDraft[], position_ms: number): CueDraft {
  const last = rows.reduce((latest, row) => Math.max(latest, parseClipTime(row.to) ?? 0), 0);
  const start = Math.max(last, Math.round(position_ms / 100) * 100);
  return { key: Math.max(-1, ...rows.map((row) => row.key)) + 1, from: clipTimeToInput(start), to: clipTimeToInput(start + LENGTH_MS), text: "" };
}
