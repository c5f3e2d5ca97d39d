import { expect, it } from "vitest";
import { batchBody, countRows } from "./change";

const typed = (kind: Parameters<typeof batchBody>[0]["kind"], number = "", tags: string[] = []) => batchBody({ kind, number, category_id: undefined, tags });

it("sends percent as basis points and money as minor units", () => {
  expect(typed("price_percent", "-10")).toEqual({ kind: "price_percent", value: -1000 });
  expect(typed("price_percent", "2.55")).toEqual({ kind: "price_percent", value: 255 });
  expect(typed("price_amount", "-5.5")).toEqual({ kind: "price_amount", value: -550 });
  expect(typed("price_set", "99")).toEqual({ kind: "price_set", value: 9900 });
  expect(typed("stock_add", "-3")).toEqual({ kind: "stock_add", value: -3 });
});

it("takes a limit away by 0", () => {
  expect(typed("limit_per_person", "0")).toEqual({ kind: "limit_per_person", value: 0 });
  expect(typed("limit_days", "-1")).toBeNull();
});

it("refuses what is no such change", () => {
  for (const [kind, number] of [["price_percent", "0"], ["price_percent", "a"], ["price_set", "-1"], ["price_set", ""], ["stock_set", "-1"], ["stock_add", "1.5"]] as const) {
    expect(typed(kind, number)).toBeNull();
  }
  expect(typed("category")).toBeNull();
  expect(typed("tags_add")).toBeNull();
  expect(typed("tags_add", "", ["夏凉"])).toEqual({ kind: "tags_add", tags: ["夏凉"] });
});

it("counts what happened", () => {
  expect(countRows([{ changes: [1], error: null }, { changes: [], error: null }, { changes: [], error: "not_found" }])).toEqual({ changed: 1, same: 1, refused: 1 });
});
