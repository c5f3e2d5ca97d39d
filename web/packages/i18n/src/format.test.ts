import { describe, expect, it } from "vitest";
import {
  formatCompact,
  formatCompactMoney,
  formatCountdown,
  formatDate,
  formatDuration,
  formatMoney,
  formatPercent,
  formatRelative,
  splitMoney,
} from "./format";

const cny = (amount_minor: number) => ({ amount_minor, currency: "CNY" });

describe("money", () => {
  it.each([
    [89900, "¥899"],
    [8990, "¥89.90"],
    [5, "¥0.05"],
    [0, "¥0"],
    [123456789, "¥1,234,567.89"],
    [-1250, "-¥12.50"],
  ])("%i fen", (minor, text) => {
    expect(formatMoney(cny(minor), "zh-CN")).toBe(text);
    expect(formatMoney(cny(minor), "en")).toBe(text);
  });

  it("keeps the fraction where sums are added up", () => {
    expect(formatMoney(cny(89900), "en", true)).toBe("¥899.00");
  });

  it("knows currencies without minor units", () => {
    expect(formatMoney({ amount_minor: 1200, currency: "JPY" }, "en")).toBe("¥1,200");
  });

  it("splits a price for setting the fraction smaller", () => {
    expect(splitMoney(cny(8990), "zh-CN")).toEqual({ symbol: "¥", whole: "89", fraction: ".90" });
  });

  it("shortens large amounts in each language's habit", () => {
    expect(formatCompactMoney(cny(1_250_000), "zh-CN")).toBe("¥1.2万");
    expect(formatCompactMoney(cny(1_250_000), "en")).toBe("¥12.5K");
    expect(formatCompactMoney(cny(1_200_000), "en")).toBe("¥12K");
    expect(formatCompactMoney(cny(99_900), "zh-CN")).toBe("¥999");
  });
});

describe("counts", () => {
  it.each([
    [0, "0", "0"],
    [999, "999", "999"],
    [1234, "1234", "1.2K"],
    [12_000, "1.2万", "12K"],
    [19_999, "1.9万", "19.9K"],
    [1_500_000, "150万", "1.5M"],
    [320_000_000, "3.2亿", "320M"],
  ])("%i", (value, zh, en) => {
    expect(formatCompact(value, "zh-CN")).toBe(zh);
    expect(formatCompact(value, "en")).toBe(en);
  });

  it("percent", () => {
    expect(formatPercent(0.1234, "en")).toBe("12.3%");
  });
});

describe("time", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");

  it.each([
    ["2026-11-22T11:59:40Z", "现在", "now"],
    ["2026-11-22T11:57:00Z", "3分钟前", "3 minutes ago"],
    ["2026-11-22T07:00:00Z", "5小时前", "5 hours ago"],
    ["2026-11-21T11:00:00Z", "昨天", "yesterday"],
  ])("%s", (iso, zh, en) => {
    expect(formatRelative(iso, "zh-CN", now)).toBe(zh);
    expect(formatRelative(iso, "en", now)).toBe(en);
  });

  it("falls back to a date after a week", () => {
    expect(formatRelative("2026-11-01T12:00:00Z", "en", now)).toBe("Nov 1, 2026");
    expect(formatDate("2026-11-01T12:00:00Z", "zh-CN")).toBe("2026年11月1日");
  });

  it("writes durations and countdowns", () => {
    expect(formatDuration(75_400)).toBe("1:15");
    expect(formatCountdown(899_000)).toBe("14:59");
    expect(formatCountdown(3_723_000)).toBe("1:02:03");
    expect(formatCountdown(-5)).toBe("0:00");
  });
});
