import { describe, expect, it } from "vitest";
import { type FilterSchema, countActive, readFilters, writeFilters } from "./url-filters";

const schema = {
  q: { type: "text", max_length: 5 },
  state: { type: "choice", choices: ["all", "online"], default: "all" },
  category_id: { type: "id" },
  from: { type: "day" },
} as const satisfies FilterSchema;

describe("filters in the address bar", () => {
  it("reads what fits the schema and drops the rest", () => {
    const params = new URLSearchParams("q=%20tent%20&state=online&category_id=12&from=2026-11-01&evil=1");
    expect(readFilters(schema, params)).toEqual({ q: "tent", state: "online", category_id: 12, from: "2026-11-01" });
  });

  it("falls back on bad values", () => {
    const params = new URLSearchParams("q=toolongtext&state=nope&category_id=-3&from=2026-13-01");
    expect(readFilters(schema, params)).toEqual({ q: "toolo", state: "all", category_id: undefined, from: undefined });
    expect(readFilters(schema, new URLSearchParams("category_id=1.5")).category_id).toBeUndefined();
  });

  it("writes only what differs from the default, in a fixed order", () => {
    expect(writeFilters(schema, { from: "2026-11-01", q: "帐篷", state: "all" }).toString()).toBe(
      "q=%E5%B8%90%E7%AF%B7&from=2026-11-01",
    );
    expect(countActive(schema, { state: "all" })).toBe(0);
    expect(countActive(schema, { state: "online", q: "x" })).toBe(2);
  });

  it("survives the round trip", () => {
    const values = { q: "a&b=c", state: "online", category_id: 7, from: "2026-01-31" };
    expect(readFilters(schema, new URLSearchParams(writeFilters(schema, values).toString()))).toEqual(values);
  });
});
