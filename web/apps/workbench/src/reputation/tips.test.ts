import { describe, expect, it } from "vitest";
import { share, shown, tips } from "./tips";

const one = (name: string, count: number, loss: number) => ({ name: name as "kept_rate", total: 0, count, value: null, shrunk: 0, points: 0, loss });

describe("tips", () => {
  it("names what costs most, and nothing that was not counted", () => {
    const parts = [
      { name: "goods" as const, points: 80, indicators: [one("goods_stars", 9, 1), one("quality_return_rate", 0, 5)] },
      { name: "fulfilment" as const, points: 10, indicators: [one("kept_rate", 2, 7), one("accepted_rate", 2, 0.01)] },
    ];
    expect(tips(parts).map((tip) => tip.name)).toEqual(["kept_rate", "goods_stars"]);
  });
  it("writes stars and shares", () => {
    expect([shown("goods_stars", 4.567), shown("kept_rate", 0.9)]).toEqual(["4.57", "90.0%"]);
  });
  it("goes up to 100, also for what asks for nothing", () => {
    expect([share(50, 200), share(300, 200), share(0, 0)]).toEqual([25, 100, 100]);
  });
});
