import { expect, test } from "vitest";
import { presaleItem, windowsRight } from "./presales";

test("a deposit counts as at least itself and less than the price", () => {
  const draft = { price: "200", deposit: "30", counts: "50", allotment: 3 };
  expect(presaleItem(7, draft)).toEqual({ sku_id: 7, price_minor: 20000, deposit_minor: 3000, counts_minor: 5000, allotment: 3 });
  expect(presaleItem(7, { ...draft, counts: "" })?.counts_minor).toBe(3000);
  expect(presaleItem(7, { ...draft, counts: "29" })).toBeNull();
  expect(presaleItem(7, { ...draft, price: "50" })).toBeNull();
  expect(presaleItem(7, { ...draft, allotment: null })).toBeNull();
});

test("windows follow each other", () => {
  const now = new Date("2026-11-01T00:00").getTime();
  expect(windowsRight("", "2026-11-05T00:00", "2026-11-05T00:00", "2026-11-06T00:00", now)).toBe(true);
  expect(windowsRight("", "2026-11-05T00:00", "2026-11-04T00:00", "2026-11-06T00:00", now)).toBe(false);
  expect(windowsRight("", "", "2026-11-04T00:00", "2026-11-06T00:00", now)).toBe(false);
});
