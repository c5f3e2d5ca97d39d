import { describe, expect, it } from "vitest";
import { EMPTY_DRAFT, hasEnd, pricesOf } from "./prices";

describe("prices of a room", () => {
  it("takes the complete ones alone", () => {
    const drafts = { 1: { price: "69.90", units: 3, limit: 2 }, 2: EMPTY_DRAFT, 3: { price: "x", units: 1, limit: 1 }, 4: { price: "5", units: null, limit: 1 }, 5: { price: "0", units: 1, limit: 1 } };
    expect(pricesOf(drafts)).toEqual([{ sku_id: 1, price_minor: 6990, units: 3, limit_per_person: 2 }]);
  });

  it("tells an end of its own from the room's", () => {
    const starts_at = "2030-01-01T00:00:00Z";
    expect(hasEnd({ starts_at, ends_at: "2030-01-02T00:00:00Z" })).toBe(true);
    expect(hasEnd({ starts_at, ends_at: "2030-04-01T00:00:00Z" })).toBe(false);
  });
});
