import { describe, expect, it } from "vitest";
import { couponBody, couponProblems, type CouponDraft, daysAhead, spanProblems } from "./terms";

const now = Date.parse("2026-11-22T08:00:00Z");
const draft: CouponDraft = {
  name: " 满200减30 ",
  kind: "fixed",
  threshold: "200",
  discount: "30",
  percent: null,
  cap: "",
  audience: "everyone",
  stock: 100,
  limit: 1,
  from: "",
  until: "2026-11-30T00:00Z",
  days: 7,
  scope: "all",
  scopeIds: [],
};

describe("a coupon's draft", () => {
  it("becomes the body of the request", () => {
    expect(couponProblems(draft, now)).toEqual({});
    expect(couponBody(draft, now)).toMatchObject({ name: "满200减30", threshold_minor: 20_000, discount_minor: 3_000, rate_bp: 0, cap_minor: null, valid_days: 7 });
    const rate = { ...draft, kind: "rate" as const, percent: 12.5, cap: "50" };
    expect(couponProblems(rate, now)).toEqual({});
    expect(couponBody(rate, now)).toMatchObject({ discount_minor: 0, rate_bp: 1_250, cap_minor: 5_000 });
  });

  it("is for some goods only when it says which", () => {
    const scoped = { ...draft, scope: "products" as const };
    expect(couponProblems(scoped, now)).toEqual({ scope: "missing" });
    expect(couponBody({ ...scoped, scopeIds: [4, 9] }, now)).toMatchObject({ scope: "products", scope_ids: [4, 9] });
    expect(couponBody({ ...draft, scopeIds: [4] }, now)).toMatchObject({ scope: "all", scope_ids: [] });
  });

  it("says what is wrong where it is wrong", () => {
    const wrong = couponProblems({ ...draft, name: " ", discount: "201", limit: 101, until: "2026-11-01T00:00Z", days: null }, now);
    expect(wrong).toEqual({ name: "missing", discount: "above_threshold", limit: "limit", until: "future", days: "missing" });
    expect(couponProblems({ ...draft, threshold: "x" }, now)).toEqual({ threshold: "amount" });
    expect(couponProblems({ ...draft, kind: "rate", percent: 100, cap: "0" }, now)).toEqual({ percent: "percent", cap: "amount" });
  });

  it("may begin later, and ends after it begins", () => {
    expect(couponBody(draft, now).claim_from).toBe("2026-11-22T08:00:00.000Z");
    expect(couponBody({ ...draft, from: "2026-11-25T00:00Z" }, now).claim_from).toBe("2026-11-25T00:00:00.000Z");
    expect(couponProblems({ ...draft, from: "2026-11-30T00:00Z" }, now)).toEqual({ until: "after_start" });
    expect(spanProblems("", "2026-11-22T08:00Z", now)).toEqual({ until: "future" });
    expect(spanProblems("2026-11-25T00:00Z", "2027-11-26T00:00Z", now)).toEqual({});
    expect(spanProblems("2026-11-25T00:00Z", "2027-11-26T00:01Z", now)).toEqual({ until: "year" });
  });

  it("starts with a moment that a date field can show", () => {
    expect(daysAhead(7, now)).toMatch(/^2026-11-(29|30)T\d\d:\d\d$/);
  });
});
