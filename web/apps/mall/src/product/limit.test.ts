import { expect, test } from "vitest";
import { cartLimitText, excessText, limitText, mostPerOrder } from "./limit";

const t = (key: string, options?: Record<string, unknown>) => `${key}${options ? JSON.stringify(options) : ""}`;

test("the tightest limit is what one order may have", () => {
  expect(mostPerOrder([])).toBe(Number.MAX_SAFE_INTEGER);
  expect(mostPerOrder([{ per_order: 5, per_person: null, days: null }, { per_order: null, per_person: 2, days: 30 }])).toBe(2);
});

test("limits in words", () => {
  expect(limitText(t, { per_order: 2, per_person: 5, days: 30 })).toBe('limit.per_person_days{"count":5,"days":30} · limit.per_order{"count":2}');
  expect(limitText(t, { per_order: 2, per_person: 2, days: null })).toBe('limit.per_person{"count":2}');
});

test("the cart says what is left only where it matters", () => {
  const limit = { scope: "product" as const, per_order: null, per_person: 3, days: null, taken: 0, most: 3, sign_in: false };
  expect(cartLimitText(t, { limit: null, quantity: 1 })).toBeNull();
  expect(cartLimitText(t, { limit, quantity: 3 })).toBeNull();
  expect(cartLimitText(t, { limit: { ...limit, taken: 2, most: 1 }, quantity: 1 })).toBe('limit.left{"taken":2,"count":1}');
  expect(cartLimitText(t, { limit: { ...limit, sign_in: true }, quantity: 1 })).toBe("limit.sign_in");
  expect(excessText(t, { data: { reason: "per_order", limit: 2, most: 2, taken: 0 } })).toBe('limit.per_order{"count":2}');
});
