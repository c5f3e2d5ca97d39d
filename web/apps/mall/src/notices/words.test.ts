import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Notice } from "@xingqu/client";
import { textKeys } from "@xingqu/i18n/testing";
import { describe, expect, it } from "vitest";
import commonEn from "../../../../packages/i18n/src/locales/en.json";
import commonZh from "../../../../packages/i18n/src/locales/zh-CN.json";
import en from "../locales/en.json";
import zh from "../locales/zh-CN.json";
import { BUYER_NOTICES, isForBuyer, noticeAddress, noticeSubject, noticeText, staleAfter } from "./words";

const contracts = readFileSync(join(import.meta.dirname, "../../../../../xingqu/accounts/contracts.py"), "utf8");
const notice = (kind: string, data: Record<string, unknown>): Notice => ({ id: 1, kind, data, created_at: "2026-03-01T00:00:00Z", read: false });
const said = ((key: string, values?: Record<string, unknown>) => (values ? `${key} ${JSON.stringify(values)}` : key)) as unknown as Parameters<typeof noticeText>[0];

describe("a buyer's notices", () => {
  it("are the kinds that the server knows", () => {
    const listed = /^BUYER_NOTICES = \(([^)]*)\)/m.exec(contracts)![1]!;
    expect([...listed.matchAll(/"(\w+)"/g)].map((match) => match[1])).toEqual([...BUYER_NOTICES]);
  });

  it("have a sentence in both languages", () => {
    for (const texts of [en, zh]) expect(textKeys(texts.notices.kind).sort()).toEqual([...BUYER_NOTICES].sort());
  });

  it("name every kind and state of a case in both languages", () => {
    expect(textKeys(commonEn.cases.state)).toEqual(textKeys(commonZh.cases.state));
    expect(textKeys(commonEn.cases.kind)).toEqual(textKeys(commonZh.cases.kind));
  });

  it("lead to the case before the order, else to the product", () => {
    expect(noticeAddress(notice("aftersale_changed", { case_no: "A1", order_no: "S1" }))).toBe("/aftersales/A1");
    expect(noticeAddress(notice("order_paid", { order_no: "S1" }))).toBe("/orders/S1");
    expect(noticeAddress(notice("back_in_stock", { product_id: 7 }))).toBe("/product/7");
    expect(noticeAddress(notice("live_started", { room_id: 5 }))).toBe("/live/5");
    expect(noticeAddress(notice("live_won", { product_id: 7 }))).toBe("/product/7");
    expect(noticeAddress(notice("live_won", { product_id: null }))).toBe("/coupons");
    expect(noticeAddress(notice("later", {}))).toBeNull();
  });

  it("are not those of one's shop", () => {
    expect(isForBuyer(notice("aftersale_changed", { case_no: "A1" }))).toBe(true);
    expect(isForBuyer(notice("aftersale_changed", { case_no: "A1", shop_id: 3 }))).toBe(false);
    expect(isForBuyer(notice("order_new", {}))).toBe(false);
  });

  it("say what it is, how much and how it stands", () => {
    const money = () => "¥1.00";
    expect(noticeText(said, money, notice("back_in_stock", { name: "Cup", option_text: "Red" }))).toContain('"name":"Cup Red"');
    expect(noticeText(said, money, notice("order_paid", { amount_minor: 100, currency: "CNY" }))).toContain('"amount":"¥1.00"');
    expect(noticeText(said, money, notice("aftersale_changed", { kind: "refund", state: "closed" }))).toContain('"case_state":"cases.state.closed"');
    expect(noticeSubject(said, notice("order_paid", { order_no: "S1" }))).toBe('notices.order {"number":"S1"}');
  });

  it("make stale what they are about", () => {
    expect(staleAfter(notice("order_paid", { order_no: "S1" }))).toEqual(["orders"]);
    expect(staleAfter(notice("later", {}))).toEqual([]);
  });
});
