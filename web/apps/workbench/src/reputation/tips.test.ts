import { describe, expect, it } from "vitest";
import { share, shown, tips } from "./tips";

const one = (name: string, count: number, loss: number, value: number | null) => ({ name: name as "kept_rate", total: 0, count, value, shrunk: 0, points: 0, loss });
const rule = (floor: number, target: number) => ({ floor, target }) as Parameters<typeof tips>[1]["indicators"][string];

describe("tips", () => {
  it("names what costs most, and nothing that was not counted or is as good as can be", () => {
    const parts = [
      { name: "goods" as const, points: 80, indicators: [one("goods_stars", 9, 1, 4.1), one("quality_return_rate", 0, 5, null)] },
      { name: "fulfilment" as const, points: 10, indicators: [one("kept_rate", 2, 7, 0.5), one("accepted_rate", 2, 0.01, 0.9), one("violation_rate", 8, 2, 0)] },
    ];
    const rules = { indicators: { goods_stars: rule(4, 4.9), quality_return_rate: rule(0.1, 0), kept_rate: rule(0, 1), accepted_rate: rule(0, 1), violation_rate: rule(0.1, 0) } };
    expect(tips(parts, rules as unknown as Parameters<typeof tips>[1]).map((tip) => tip.name)).toEqual(["kept_rate", "goods_stars"]);
  });
  it("writes stars and shares", () => {
    expect([shown("goods_stars", 4.567), shown("kept_rate", 0.9)]).toEqual(["4.57", "90.0%"]);
  });
  it("goes up to 100, also for what asks for nothing", () => {
    expect([share(50, 200), share(300, 200), share(0, 0)]).toEqual([25, 100, 100]);
  });
});
