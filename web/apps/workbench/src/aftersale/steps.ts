/** What a side may do with a case: where it is sent, what it asks for. Pure. */

export type FieldName = "text" | "pictures" | "reason" | "amount" | "parcel";

export interface StepForm {
  /** Name of the step in the server's `can`; null: always, while the case is open. */
  can: string | null;
  path: string;
  fields: readonly FieldName[];
  reasons?: readonly string[];
  extra?: Record<string, unknown>;
  tone?: "primary" | "danger";
  /** Words must be given. */
  needsText?: boolean;
}

const REFUSALS = ["no_evidence", "not_our_fault", "used", "out_of_window", "delivered", "shipped", "amount", "agreed_otherwise", "other"] as const;
const DISPUTES = ["not_received", "damaged_by_buyer", "incomplete", "wrong_goods", "other"] as const;

export const SHOP_STEPS = {
  approve: { can: "approve", path: "approve", fields: ["text"], tone: "primary" },
  waive_return: { can: "waive_return", path: "approve", fields: ["text"], extra: { waive_return: true } },
  offer: { can: "offer", path: "offer", fields: ["amount", "text"] },
  refuse: { can: "refuse", path: "refuse", fields: ["reason", "text", "pictures"], reasons: REFUSALS, tone: "danger" },
  confirm_return: { can: "confirm_return", path: "confirm-return", fields: ["text"], tone: "primary" },
  dispute_return: { can: "dispute_return", path: "dispute-return", fields: ["reason", "text", "pictures"], reasons: DISPUTES, tone: "danger" },
  ship_replacement: { can: "ship_replacement", path: "ship-replacement", fields: ["parcel"], tone: "primary" },
  refund_instead: { can: "refund_instead", path: "refund-instead", fields: ["text"] },
  submit_evidence: { can: "submit_evidence", path: "submit-evidence", fields: ["text", "pictures"], tone: "primary" },
  statement: { can: null, path: "statements", fields: ["text", "pictures"] },
} as const satisfies Record<string, StepForm>;

export const PLATFORM_STEPS = {
  take: { can: "decide_buyer", path: "take", fields: ["text"] },
  ask_evidence: { can: "ask_evidence", path: "ask-evidence", fields: ["text"], needsText: true },
  negotiate: { can: "negotiate", path: "negotiate", fields: ["text"], needsText: true },
} as const satisfies Record<string, StepForm>;

export type ShopStep = keyof typeof SHOP_STEPS;
export type PlatformStep = keyof typeof PLATFORM_STEPS;

/** The steps that are open now, in the order of the table. */
export function openSteps<Name extends string>(steps: Record<Name, StepForm>, can: readonly string[], closed: boolean): Name[] {
  if (closed) return [];
  return (Object.keys(steps) as Name[]).filter((name) => steps[name].can === null || can.includes(steps[name].can));
}

export interface Typed {
  text: string;
  reason: string | null;
  amount_minor: number | null;
  carrier_code: string | null;
  tracking_no: string;
  picture_ids: number[];
}

/** Why a form can't be sent yet, by field; empty when it can. */
export function missing(form: StepForm, typed: Typed, most_minor: number): FieldName[] {
  const wrong: FieldName[] = [];
  if (form.fields.includes("reason") && typed.reason === null) wrong.push("reason");
  if (typed.text.trim() === "" && (form.needsText || typed.reason === "other")) wrong.push("text");
  if (form.fields.includes("amount") && !(typed.amount_minor !== null && typed.amount_minor > 0 && typed.amount_minor < most_minor)) wrong.push("amount");
  if (form.fields.includes("parcel") && (typed.carrier_code === null || typed.tracking_no === "")) wrong.push("parcel");
  if (form.path === "submit-evidence" || form.path === "statements") {
    if (typed.text.trim() === "" && typed.picture_ids.length === 0) wrong.push("text");
  }
  return wrong;
}

/** What goes to the server. */
export function stepBody(form: StepForm, version: number, typed: Typed): Record<string, unknown> {
  return {
    version,
    text: typed.text.trim(),
    picture_ids: form.fields.includes("pictures") ? typed.picture_ids : [],
    ...(form.fields.includes("reason") ? { reason: typed.reason } : {}),
    ...(form.fields.includes("amount") ? { amount_minor: typed.amount_minor } : {}),
    ...(form.fields.includes("parcel") ? { carrier_code: typed.carrier_code, tracking_no: typed.tracking_no } : {}),
    ...form.extra,
  };
}
