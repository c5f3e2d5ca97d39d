import { expect, it } from "vitest";
import { PLATFORM_STEPS, SHOP_STEPS, type Typed, missing, openSteps, stepBody } from "./steps";

const NOTHING: Typed = { text: "", reason: null, amount_minor: null, carrier_code: null, tracking_no: "", picture_ids: [] };

it("offers what the server allows, and a statement while the case is open", () => {
  expect(openSteps(SHOP_STEPS, ["approve", "refuse"], false)).toEqual(["approve", "refuse", "statement"]);
  expect(openSteps(SHOP_STEPS, ["approve"], true)).toEqual([]);
  expect(openSteps(PLATFORM_STEPS, ["negotiate", "decide_buyer"], false)).toEqual(["take", "negotiate"]);
});

it("asks for a reason, and for words where the reason is another", () => {
  expect(missing(SHOP_STEPS.refuse, NOTHING, 100)).toEqual(["reason"]);
  expect(missing(SHOP_STEPS.refuse, { ...NOTHING, reason: "other" }, 100)).toEqual(["text"]);
  expect(missing(SHOP_STEPS.refuse, { ...NOTHING, reason: "used" }, 100)).toEqual([]);
});

it("takes an offer below what was asked only", () => {
  for (const amount_minor of [null, 0, 100, 101]) expect(missing(SHOP_STEPS.offer, { ...NOTHING, amount_minor }, 100)).toEqual(["amount"]);
  expect(missing(SHOP_STEPS.offer, { ...NOTHING, amount_minor: 99 }, 100)).toEqual([]);
});

it("sends what its step asks for and nothing else", () => {
  const typed = { ...NOTHING, text: " 好的 ", reason: "used", amount_minor: 5, picture_ids: [1] };
  expect(stepBody(SHOP_STEPS.waive_return, 3, typed)).toEqual({ version: 3, text: "好的", picture_ids: [], waive_return: true });
  expect(stepBody(SHOP_STEPS.refuse, 3, typed)).toEqual({ version: 3, text: "好的", picture_ids: [1], reason: "used" });
  expect(stepBody(SHOP_STEPS.offer, 3, typed)).toEqual({ version: 3, text: "好的", picture_ids: [], amount_minor: 5 });
});
