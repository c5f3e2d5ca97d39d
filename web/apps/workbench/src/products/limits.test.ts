import { expect, test } from "vitest";
import { checkLimits, limitsBody, limitsOf } from "./limits";

const none = { per_order: null, per_person: null, days: null };

test("the product's row comes first, and rows without a limit are not sent", () => {
  const rows = limitsOf({ limit: { per_order: 2, per_person: 5, days: 30 }, skus: [{ id: 7, limit: null }, { id: 8, limit: { ...none, per_person: 1 } }] } as never);
  expect(rows.map((row) => row.sku_id)).toEqual([0, 7, 8]);
  expect(limitsBody(rows, 3)).toEqual({
    version: 3,
    limit: { per_order: 2, per_person: 5, days: 30 },
    skus: [{ sku_id: 8, ...none, per_person: 1 }],
  });
});

test("days need a limit per person, and an order can't have more than a person", () => {
  const problems = checkLimits([
    { sku_id: 0, ...none, days: 7 },
    { sku_id: 1, ...none, per_order: 3, per_person: 2 },
    { sku_id: 2, ...none, per_order: 3 },
  ]);
  expect([...problems]).toEqual([
    [0, "days_alone"],
    [1, "order_above_person"],
  ]);
});
