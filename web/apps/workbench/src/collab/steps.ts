/** Steps that need nothing but a click, those that want words, and what is dangerous: pure, so that it is tested. */
export type StepForm = "confirm" | "text" | "ship" | "work" | "days" | "answer" | "pay";

export const SAMPLE_STEPS: Record<string, { path: string; form: StepForm; tone?: "primary" | "danger"; must?: boolean }> = {
  approve: { path: "approve", form: "confirm", tone: "primary" },
  ship: { path: "ship", form: "ship", tone: "primary" },
  pay: { path: "pay", form: "pay", tone: "primary" },
  confirm: { path: "confirm", form: "confirm", tone: "primary" },
  declare: { path: "work", form: "work", tone: "primary" },
  answer_extension: { path: "extension", form: "answer" },
  ask_extension: { path: "extension", form: "days" },
  deny: { path: "deny", form: "text", must: true },
  release: { path: "release", form: "text" },
  reject: { path: "reject", form: "text", tone: "danger" },
  cancel: { path: "cancel", form: "text", tone: "danger" },
  withdraw: { path: "withdraw", form: "confirm", tone: "danger" },
};

/** The steps of a sample that can be taken now, in the order of the table. */
export function openSampleSteps(can: readonly string[]): string[] {
  return Object.keys(SAMPLE_STEPS).filter((name) => can.includes(name));
}

/** Basis points of a typed percentage with two decimals at most; null for what is none. */
export function basisPoints(typed: string): number | null {
  const found = /^(\d{1,2})(?:[.,](\d{1,2}))?$/.exec(typed.trim());
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : null;
}

/** How far the settled amount is towards the target, in whole per cent of 0 to 100. */
export function progress(settled_minor: number, target_minor: number): number {
  if (target_minor <= 0) return 0;
  return Math.max(0, Math.min(100, Math.floor((settled_minor * 100) / target_minor)));
}

export interface TermsDraft {
  product_ids: number[];
  commission: string;
  slot_fee: number;
  target: number;
  release_kind: "proportional" | "threshold";
  starts_on: string;
  ends_on: string;
  release_days: string[];
  works: number;
  lives: number;
  note: string;
}

/** What is missing of terms before they can be sent; amounts are in minor units. */
export function termsProblems(draft: TermsDraft): string[] {
  const found: string[] = [];
  if (draft.product_ids.length === 0) found.push("product_ids");
  if (basisPoints(draft.commission) === null) found.push("commission_bp");
  if (!draft.starts_on || !draft.ends_on || draft.ends_on < draft.starts_on) found.push("ends_on");
  if (draft.slot_fee > 0 && draft.target <= 0) found.push("target_minor");
  if (draft.release_days.length === 0) found.push("release_days");
  return found;
}

/** Terms as they are sent: without a fee there is no target; days ascend. */
export function termsBody(draft: TermsDraft) {
  const fee = draft.slot_fee > 0;
  return {
    product_ids: draft.product_ids,
    commission_bp: basisPoints(draft.commission) ?? 0,
    slot_fee_minor: draft.slot_fee,
    target_minor: fee ? draft.target : 0,
    release_kind: draft.release_kind,
    starts_on: draft.starts_on,
    ends_on: draft.ends_on,
    release_days: [...new Set(draft.release_days)].sort(),
    works: draft.works,
    lives: draft.lives,
    note: draft.note.trim(),
  };
}
