import { expect, test } from "vitest";
import { draftOf, NO_RULE, liftText, percent, poolKeyIn, reasonWords, ruleOf, verdict } from "./words";

const reason = { tag_id: null, tag: null, tag_en: null, share: null, share_of_everybody: null, value: null };

test("reasons carry the figures of their words", () => {
  const named = (tag: { name: string; name_en: string }) => tag.name;
  expect(reasonWords({ ...reason, code: "audience_likes", tag_id: 3, tag: "露营", tag_en: "camping", share: 0.62, share_of_everybody: 0.3 }, named)).toEqual([
    "matching.reason.audience_likes",
    { tag: "露营", share: "62%", usual: "30%" },
  ]);
  expect(reasonWords({ ...reason, code: "sold", value: 12 }, named)).toEqual(["matching.reason.sold", { value: 12 }]);
});

test("shares and lifts", () => {
  expect([percent(0.335), liftText(1.84), liftText(null)]).toEqual(["34%", "×1.8", ""]);
});

test("a kept rule comes back as it was typed", () => {
  const kept = { category_id: 3, tag_ids: [], min_commission_bp: 1_550, min_price_minor: 990, max_price_minor: null, min_sold: 7, limit: 200 };
  expect(draftOf(kept)).toEqual({ categoryId: 3, commission: "15.5", from: "9.9", to: "", sold: "7" });
  expect(ruleOf(draftOf(kept))).toEqual({ category_id: 3, min_commission_bp: 1_550, min_price_minor: 990, max_price_minor: null, min_sold: 7 });
});

test("a pool's link gives its key", () => {
  const key = "abcdefgh-IJKL_90";
  expect([key, ` https://shop.example/workbench/pools/${key} `, `/workbench/pools/${key}/`].map(poolKeyIn)).toEqual([key, key, key]);
  expect(["", "short", `https://shop.example/product/7`, `${key} ${key}`].map(poolKeyIn)).toEqual([null, null, null, null]);
});

test("a rule is read or refused", () => {
  expect(ruleOf(NO_RULE)).toEqual({ category_id: null, min_commission_bp: null, min_price_minor: null, max_price_minor: null, min_sold: null });
  expect(ruleOf({ ...NO_RULE, categoryId: 4, commission: "12.5", from: "9.9", to: "20", sold: "3" })).toEqual({
    category_id: 4,
    min_commission_bp: 1250,
    min_price_minor: 990,
    max_price_minor: 2000,
    min_sold: 3,
  });
  for (const wrong of [{ commission: "x" }, { commission: "101" }, { from: "20", to: "9" }, { sold: "1.5" }, { from: "-1" }]) expect(ruleOf({ ...NO_RULE, ...wrong })).toBeNull();
});

test("what an interval says", () => {
  expect([verdict(null, null), verdict(0.01, 0.2), verdict(-0.2, -0.01), verdict(-0.1, 0.1)]).toEqual(["unknown", "more", "less", "open"]);
});
