import { expect, test } from "vitest";
import { basisPoints, openSampleSteps, progress, type TermsDraft, termsBody, termsProblems } from "./steps";

const DRAFT: TermsDraft = { product_ids: [1], commission: "20", slot_fee: 0, target: 500, release_kind: "proportional", starts_on: "2026-12-01", ends_on: "2026-12-10", release_days: ["2026-12-30", "2026-12-12", "2026-12-30"], works: 1, lives: 0, note: " x " };

test("steps stand in the order of the table, and only those that can be taken", () => {
  expect(openSampleSteps(["withdraw", "pay", "unheard"])).toEqual(["pay", "withdraw"]);
  expect(openSampleSteps([])).toEqual([]);
});

test("a percentage is two digits with two decimals", () => {
  expect([basisPoints("20"), basisPoints("7.5"), basisPoints("0,25"), basisPoints("7.555"), basisPoints("-1"), basisPoints("")]).toEqual([2000, 750, 25, null, null, null]);
});

test("progress never leaves its bar", () => {
  expect([progress(50, 200), progress(900, 200), progress(-5, 200), progress(5, 0)]).toEqual([25, 100, 0, 0]);
});

test("terms are complete before they are sent", () => {
  expect(termsProblems(DRAFT)).toEqual([]);
  expect(termsProblems({ ...DRAFT, product_ids: [], commission: "x", ends_on: "2026-11-30", slot_fee: 1, target: 0, release_days: [] })).toEqual(["product_ids", "commission_bp", "ends_on", "target_minor", "release_days"]);
});

test("days ascend once each, and there is no target without a fee", () => {
  expect(termsBody(DRAFT)).toMatchObject({ target_minor: 0, commission_bp: 2000, release_days: ["2026-12-12", "2026-12-30"], note: "x" });
});
