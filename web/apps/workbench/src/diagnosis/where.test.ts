import { describe, expect, it } from "vitest";
import { valueWords, whereItWaits, whereRow, whereToSolve } from "./where";

describe("diagnosis", () => {
  it("leads each problem to the filter that solves it", () => {
    expect(whereToSolve({ code: "bad_aspect", detail: "size" })).toBe("reviews?aspect=size&feeling=negative");
    expect(["low_stock", "rejected", "no_picture", "fast_reply_rate"].map((code) => whereToSolve({ code, detail: "" }))).toEqual([
      "products?state=low_stock",
      "products?state=rejected",
      "products?state=on_sale",
      "messages",
    ]);
    expect([whereItWaits("late_now"), whereItWaits("unheard_of")]).toEqual(["orders?tab=late_to_ship", "today"]);
  });

  it("leads each row to its page", () => {
    expect(whereRow({ kind: "case", reference: "A 1" })).toBe("aftersale?case=A%201");
    expect(whereRow({ kind: "review", reference: "7" })).toBe("reviews?q=7");
  });

  it("says stars and shares in their own way", () => {
    expect([valueWords("goods_stars", 4.567), valueWords("on_time_rate", 0.9876)]).toEqual(["4.57", "98.8%"]);
  });
});
