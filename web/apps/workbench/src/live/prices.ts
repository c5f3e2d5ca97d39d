import type { components } from "@xingqu/client";
import { minor } from "../marketing/terms";

type Schemas = components["schemas"];
export type RoomPrice = Schemas["LivePriceOut"];
export type ShopRoomPrice = Schemas["ShopLivePriceOut"];
export type PricingRoom = Schemas["PricingRoomOut"];

/** A SKU's price in a room as it is typed. */
export interface PriceDraft {
  price: string;
  units: number | null;
  limit: number | null;
}
export type Drafts = Record<number, PriceDraft>;
export const EMPTY_DRAFT: PriceDraft = { price: "", units: 10, limit: 1 };

/** What of the drafts is complete, as the API takes it. */
export function pricesOf(drafts: Drafts): { sku_id: number; price_minor: number; units: number; limit_per_person: number }[] {
  return Object.entries(drafts).flatMap(([skuId, draft]) => {
    const price = draft.price.trim() ? minor(draft.price, null) : null;
    return price && draft.units && draft.limit ? [{ sku_id: Number(skuId), price_minor: price, units: draft.units, limit_per_person: draft.limit }] : [];
  });
}

const DAY_MS = 86_400_000;
/** Without an end of its own a room's price lasts as long as the room; the server keeps 90 days then. */
const OPEN_DAYS = 89;

/** Whether a price ends at a time of its own, before the room does. */
export function hasEnd(price: Pick<RoomPrice, "starts_at" | "ends_at">): boolean {
  return Date.parse(price.ends_at) - Date.parse(price.starts_at) < OPEN_DAYS * DAY_MS;
}
