import { describe, expect, it } from "vitest";
import { together, toggled } from "./together";

const row = (order_no: string, amount_minor: number, currency = "CNY") => ({ order_no, amount: { amount_minor, currency } });

describe("paying together", () => {
  it("chooses and lets go", () => {
    expect(toggled(["P1"], "P2")).toEqual(["P1", "P2"]);
    expect(toggled(["P1", "P2"], "P1")).toEqual(["P2"]);
  });

  it("sums what is chosen and still to be paid", () => {
    const payable = [row("P1", 100), row("P2", 250)];
    expect(together(payable, ["P1", "P2", "P3"])).toEqual({ orderNos: ["P1", "P2"], sum: { amount_minor: 350, currency: "CNY" } });
  });

  it("needs two, of one currency", () => {
    expect(together([row("P1", 100)], ["P1"])).toBeNull();
    expect(together([row("P1", 100), row("P2", 100, "USD")], ["P1", "P2"])).toBeNull();
  });
});
