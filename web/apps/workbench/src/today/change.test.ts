import { expect, it } from "vitest";
import { type Factor, factorRows, mainFactor, whyNot } from "./change";

const factor = (code: Factor["code"], now: number | null, before: number | null, moved_minor: number | null): Factor => ({ code, now, before, moved_minor });
const FACTORS = [factor("visitors", 50, 100, -8_548), factor("conversion", 0.3, 0.1, 13_548), factor("orders_per_buyer", 1, 1, 0)];
const sold = (amount_minor: number) => ({ since: "", until: "", visitors: 1, buyers: 1, orders: 1, gmv: { amount_minor, currency: "CNY" } });

it("draws each factor in proportion to what it moved", () => {
  expect(factorRows(FACTORS).map((row) => [row.way, Math.round(row.length * 100), row.ratio === null ? null : Math.round(row.ratio * 100)])).toEqual([
    ["down", 63, -50],
    ["up", 100, 200],
    ["none", 0, 0],
  ]);
});

it("compares with nothing where nothing was", () => {
  expect(factorRows([factor("conversion", 0.2, null, null), factor("visitors", 5, 0, null)]).map((row) => [row.ratio, row.length, row.way])).toEqual([
    [null, 0, "none"],
    [null, 0, "none"],
  ]);
});

it("names what moved it most, the way it went", () => {
  expect(mainFactor(FACTORS, 5_000)?.code).toBe("conversion");
  expect(mainFactor(FACTORS, -5_000)?.code).toBe("visitors");
  expect(mainFactor(FACTORS, 0)).toBeNull();
});

it("says why nothing is divided", () => {
  expect(whyNot({ now: sold(5), before: sold(5) })).toBeNull();
  expect(whyNot({ now: sold(5), before: sold(0) })).toBe("nothing_before");
  expect(whyNot({ now: sold(0), before: sold(5) })).toBe("nothing_now");
  expect(whyNot({ now: sold(0), before: sold(0) })).toBe("nothing");
});
