import { describe, expect, it } from "vitest";
import type { Carrier } from "../api/types";
import { carriersOf, cleanTracking, fitsPattern, hintOf, nearCarriers, partOf, readShipRows } from "./ship-rows";

const carriers: Carrier[] = [
  { code: "sf", name: "顺丰速运", name_en: "SF Express", tracking_pattern: "SF\\d{12}", tracking_example: "SF123456789012" },
  { code: "yto", name: "圆通速递", name_en: "YTO Express", tracking_pattern: "YT\\d{13}", tracking_example: "YT1234567890123" },
  { code: "own", name: "商家自配", name_en: "Merchant's own delivery", tracking_pattern: "[A-Z0-9-]{6,30}", tracking_example: "OWN-0001" },
];

describe("readShipRows", () => {
  it("takes pasted rows with carrier codes or names in either language", () => {
    const rows = readShipRows("订单号,快递,单号\nA1,sf,SF123456789012\nA2,圆通速递,yt1234567890123\nA3,SF Express,SF 1234 5678 9012", carriers);
    expect(rows).toEqual([
      { line: 2, order_no: "A1", carrier_code: "sf", tracking_no: "SF123456789012", problem: null },
      { line: 3, order_no: "A2", carrier_code: "yto", tracking_no: "YT1234567890123", problem: null },
      { line: 4, order_no: "A3", carrier_code: "sf", tracking_no: "SF123456789012", problem: null },
    ]);
  });

  it("takes a carrier by the beginning of its name", () => {
    const rows = readShipRows("A1,圆通,YT1234567890123\nA2,sf exp,SF123456789012\nA3,圆,YT1234567890123", carriers);
    expect(rows.map((row) => [row.carrier_code, row.problem])).toEqual([["yto", null], ["sf", null], ["圆", "carrier_unknown"]]);
  });

  it("says what is wrong with each line", () => {
    const text = ["A1,sf", ",sf,SF123456789012", "A2,dhl,1", "A3,sf,", "A4,sf,12", "A5,sf,SF123456789012", "A5,sf,SF123456789012", "订单 6,sf,SF123456789012"];
    expect(readShipRows(text.join("\n"), carriers).map((row) => [row.line, row.problem])).toEqual([
      [1, "too_few_cells"],
      [2, "order_missing"],
      [3, "carrier_unknown"],
      [4, "tracking_missing"],
      [5, "tracking_pattern"],
      [6, null],
      [7, "order_repeated"],
      [8, "order_pattern"],
    ]);
  });
});

describe("what would be right", () => {
  const hints = (text: string) => readShipRows(text, carriers).map((row) => hintOf(row, carriers, (carrier) => carrier.name));

  it("is the carrier whose numbers look so, or one of this carrier's numbers", () => {
    expect(hints("A1,sf,YT1234567890123\nA2,sf,SF12\nA3,sf,")).toEqual([
      { code: "other_carrier", values: { names: "圆通速递" } },
      { code: "example", values: { name: "顺丰速运", example: "SF123456789012" } },
      { code: "example", values: { name: "顺丰速运", example: "SF123456789012" } },
    ]);
  });

  it("is the carrier that was meant, by its name or its numbers, or all there are", () => {
    expect(hints("A1,圆桶,YT1234567890123\nA2,快递,SF123456789012\nA3,dhl,1")).toEqual([
      { code: "meant", values: { names: "圆通速递" } },
      { code: "meant", values: { names: "顺丰速运" } },
      { code: "one_of", values: { names: "顺丰速运, 圆通速递, 商家自配" } },
    ]);
    expect(nearCarriers("顺", carriers)).toEqual([]);
    expect(carriersOf("", carriers)).toEqual([]);
  });

  it("is nothing for a row that is right, and the columns for one that has too few", () => {
    expect(hints("A1,sf,SF123456789012\nA1,sf,SF123456789012\nA2,sf")).toEqual([null, { code: "once", values: {} }, { code: "columns", values: {} }]);
  });

  it("skips the head of the sheet that was downloaded", () => {
    expect(readShipRows("订单号 / order number\t快递公司\t快递单号\nA1\tsf\tSF123456789012", carriers).map((row) => row.order_no)).toEqual(["A1"]);
  });
});

describe("tracking numbers", () => {
  it("are cleaned of what scanners leave in", () => {
    expect(cleanTracking(" sf 1234 5678 ")).toBe("SF12345678");
  });

  it("must fit the whole pattern; an unreadable pattern doesn't block", () => {
    expect(fitsPattern("SF123456789012", carriers[0])).toBe(true);
    expect(fitsPattern("xSF123456789012", carriers[0])).toBe(false);
    expect(fitsPattern("anything", undefined)).toBe(true);
    expect(fitsPattern("anything", { ...carriers[0]!, tracking_pattern: "(" })).toBe(true);
  });
});

it("ships the whole rest without naming lines, or names the part", () => {
  const order = { lines: [{ sku_id: 1, to_ship_quantity: 2 }, { sku_id: 2, to_ship_quantity: 0 }] } as Parameters<typeof partOf>[0];
  expect(partOf(order, { 1: 2, 2: 0 })).toBeNull();
  expect(partOf(order, { 1: 1, 2: 0 })).toEqual([{ sku_id: 1, quantity: 1 }]);
});
