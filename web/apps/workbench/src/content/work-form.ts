import type { Money } from "@xingqu/i18n";
import type { Work } from "../api/types";
import type { WorkBody } from "./queries";

export interface AnchorDraft {
  product_id: number;
  name: string;
  picture_url: string;
  price: Money | null;
  label: string;
  show_from_ms: number | null;
  show_until_ms: number | null;
}

export interface WorkForm {
  kind: "video" | "picture";
  title: string;
  caption: string;
  tags: string[];
  creator_id: number | null;
  asset_ids: number[];
  anchors: AnchorDraft[];
}

export const TITLE_LENGTH = 80;
export const CAPTION_LENGTH = 1000;
export const TAGS_LIMIT = 10;
export const ANCHORS_LIMIT = 6;
export const PICTURES_LIMIT = 9;

export function emptyWork(kind: "video" | "picture"): WorkForm {
  return { kind, title: "", caption: "", tags: [], creator_id: null, asset_ids: [], anchors: [] };
}

export function fromWork(work: Work): WorkForm {
  return {
    kind: work.kind,
    title: work.title,
    caption: work.caption,
    tags: work.topic_tags.map((tag) => tag.name),
    creator_id: work.creator_id,
    asset_ids: work.assets.map((asset) => asset.id),
    anchors: work.anchors.map((anchor) => ({
      product_id: anchor.product.id,
      name: anchor.product.short_name || anchor.product.name,
      picture_url: anchor.product.picture_url,
      price: anchor.product.price,
      label: anchor.label,
      show_from_ms: anchor.show_from_ms,
      show_until_ms: anchor.show_until_ms,
    })),
  };
}

export function toWorkBody(form: WorkForm): WorkBody {
  return {
    kind: form.kind,
    title: form.title.trim(),
    caption: form.caption.trim(),
    tags: form.tags,
    creator_id: form.creator_id,
    asset_ids: form.asset_ids,
    anchors: form.anchors.map(({ product_id, label, show_from_ms, show_until_ms }) => ({
      product_id,
      label: label.trim(),
      show_from_ms: form.kind === "video" ? show_from_ms : null,
      show_until_ms: form.kind === "video" ? show_until_ms : null,
    })),
  };
}

export type WorkProblem = "title_missing" | "title_long" | "caption_long" | "files_missing" | "anchor_late" | "anchor_ends";

/** What stands against saving, or with `publishing` against showing it to everyone. By field. */
export function checkWork(form: WorkForm, duration_ms: number, publishing: boolean): Map<string, WorkProblem> {
  const problems = new Map<string, WorkProblem>();
  if (form.title.trim() === "") problems.set("title", "title_missing");
  else if (form.title.trim().length > TITLE_LENGTH) problems.set("title", "title_long");
  if (form.caption.length > CAPTION_LENGTH) problems.set("caption", "caption_long");
  if (publishing && form.asset_ids.length === 0) problems.set("asset_ids", "files_missing");
  form.anchors.forEach((anchor, index) => {
    if (duration_ms > 0 && anchor.show_from_ms !== null && anchor.show_from_ms >= duration_ms) {
      problems.set(`anchors.${index}.show_from_ms`, "anchor_late");
    }
    if (anchor.show_until_ms !== null && anchor.show_until_ms <= (anchor.show_from_ms ?? 0)) {
      problems.set(`anchors.${index}.show_until_ms`, "anchor_ends");
    }
  });
  return problems;
}

/** Anchors of a clip as they stand in the part of it from `start_ms` until `end_ms`; those that stood elsewhere only are left out. */
export function anchorsWithin(anchors: AnchorDraft[], start_ms: number, end_ms: number): AnchorDraft[] {
  const length_ms = end_ms - start_ms;
  return anchors
    .filter(({ show_from_ms, show_until_ms }) => (show_from_ms ?? 0) < end_ms && (show_until_ms ?? Number.POSITIVE_INFINITY) > start_ms)
    .map((anchor) => {
      const from = anchor.show_from_ms === null ? null : anchor.show_from_ms - start_ms;
      const until = anchor.show_until_ms === null ? null : anchor.show_until_ms - start_ms;
      return { ...anchor, show_from_ms: from === null || from <= 0 ? null : from, show_until_ms: until === null || until >= length_ms ? null : until };
    });
}

/** A clip position as typed ("3", "3.5", "1:05") in milliseconds; null when it is none. */
export function parseClipTime(typed: string): number | null {
  const match = /^(?:(\d{1,3}):)?(\d{1,4}(?:\.\d{1,3})?)$/.exec(typed.trim());
  if (!match) return null;
  const seconds = Number(match[2]);
  if (match[1] !== undefined && seconds >= 60) return null;
  return Math.round((Number(match[1] ?? 0) * 60 + seconds) * 1000);
}

/** The reverse: 3500 -> "3.5", 65000 -> "1:05". */
export function clipTimeToInput(position_ms: number): string {
  const minutes = Math.floor(position_ms / 60_000);
  const seconds = (position_ms % 60_000) / 1000;
  if (minutes === 0) return String(seconds);
  return `${minutes}:${seconds < 10 ? "0" : ""}${seconds}`;
}
