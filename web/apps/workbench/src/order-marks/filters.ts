import { parseMoney } from "../format/money-input";

export const FLAGS = ["red", "yellow", "green", "blue", "purple"] as const;
export const SURFACES = ["for_you", "following", "content", "creator", "live", "mall", "search", "shop", "product", "ad", "direct"] as const;

/** Filters of the order list beyond state, words and days, as they stand in the address bar. */
export const MORE_FILTERS = {
  min: { type: "text", max_length: 12 },
  max: { type: "text", max_length: 12 },
  noted: { type: "choice", choices: ["yes", "no"] },
  flag: { type: "choice", choices: ["any", ...FLAGS] },
  source: { type: "choice", choices: SURFACES },
  product: { type: "id" },
  creator: { type: "id" },
  content: { type: "id" },
  campaign: { type: "text", max_length: 44 },
  like: { type: "text", max_length: 64 },
} as const;

export interface MoreFilters {
  min?: string | undefined;
  max?: string | undefined;
  noted?: string | undefined;
  flag?: string | undefined;
  source?: string | undefined;
  product?: number | undefined;
  creator?: number | undefined;
  content?: number | undefined;
  campaign?: string | undefined;
  like?: string | undefined;
}

function minorOf(typed: string | undefined): number | undefined {
  const parsed = typed ? parseMoney(typed) : null;
  return parsed?.ok ? parsed.amount_minor : undefined;
}

/** The same as the server takes them; an amount that is none is left out. */
export function toQuery(values: MoreFilters) {
  return {
    min_minor: minorOf(values.min),
    max_minor: minorOf(values.max),
    has_note: values.noted === undefined ? undefined : values.noted === "yes",
    flag: values.flag,
    source: values.source,
    product_id: values.product,
    creator_id: values.creator,
    content_id: values.content,
    campaign: values.campaign && /^[a-z_]{1,24}:[0-9]{1,18}$/.test(values.campaign) ? values.campaign : undefined,
    like: values.like && /^[A-Za-z0-9_-]{1,64}$/.test(values.like) ? values.like : undefined,
  };
}

export function countMore(values: MoreFilters): number {
  return Object.keys(MORE_FILTERS).filter((name) => values[name as keyof MoreFilters] !== undefined).length;
}
