import type { FeedFlash } from "@xingqu/client";
import { expect, it } from "vitest";
import { flashNow } from "./flash";

const flash: FeedFlash = { product_id: 1, price: { amount_minor: 900, currency: "CNY" }, ends_at: "2026-03-01T00:00:00Z" };
const end = Date.parse(flash.ends_at);

it("a flash price lasts until its end and not at it", () => {
  expect(flashNow(flash, end - 1)).toBe(flash);
  expect(flashNow(flash, end)).toBeNull();
  expect(flashNow(undefined, end - 1)).toBeNull();
});
