import { expect, test } from "vitest";
import { derivation, mine } from "./derivation";
import type { CommissionOrder } from "./queries";

const row = {
  ordered_base_minor: 29_900,
  base_minor: 19_900,
  commission_bp: 2_000,
  service_bp: 500,
  platform_bp: 1_000,
  mcn_bp: 3_000,
  mcn_id: 7,
  amount_minor: 2_508,
  mcn_minor: 1_074,
  colonel_minor: 896,
} as CommissionOrder;

test("a creator's amount is what the steps leave", () => {
  const steps = derivation(row, "creator");
  expect(steps.map((step) => [step.name, step.amount_minor])).toEqual([
    ["base", 29_900],
    ["refunded", -10_000],
    ["commission", 3_980],
    ["platform", -398],
    ["mcn", -1_074],
    ["mine", 2_508],
  ]);
  expect(3_980 - 398 - 1_074).toBe(mine(row, "creator"));
});

test("a colonel's is the service fee less the platform's part", () => {
  expect(derivation({ ...row, base_minor: 29_900, colonel_minor: 1_346 }, "colonel").map((step) => step.amount_minor)).toEqual([29_900, 1_495, -149, 1_346]);
});
