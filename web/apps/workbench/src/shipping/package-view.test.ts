import { expect, it } from "vitest";
import type { DeskPackage } from "../api/types";
import { inTimePercent, listsOrders, packageActions } from "./package-view";

const one = (changes: Partial<DeskPackage>): DeskPackage =>
  ({ state: "packed", has_waybill: false, intercept: "", lines: [{ quantity: 2 }], ...changes }) as DeskPackage;

it("offers what fits the package's state", () => {
  expect(packageActions(one({}))).toEqual(["waybill", "hand_over", "split", "unpack"]);
  expect(packageActions(one({ lines: [{ quantity: 1 }] as DeskPackage["lines"] }))).not.toContain("split");
  expect(packageActions(one({ has_waybill: true }))).toEqual(["hand_over", "label", "unpack"]);
  expect(packageActions(one({ state: "in_transit" }))).toEqual(["label", "number", "intercept"]);
  expect(packageActions(one({ state: "in_transit", intercept: "asked" }))).toEqual(["label"]);
  expect(packageActions(one({ state: "delivered" }))).toEqual([]);
});

it("never rounds up to punctual", () => {
  expect(inTimePercent({ due: 0, in_time: 0, late: 0, open_late: 0 })).toBeNull();
  expect(inTimePercent({ due: 1000, in_time: 999, late: 1, open_late: 0 })).toBe(99);
});

it("knows which tabs list orders", () => {
  expect([undefined, "to_ship", "late_to_ship", "packed"].map(listsOrders)).toEqual([true, true, true, false]);
});
