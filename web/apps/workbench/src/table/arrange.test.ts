import { expect, it } from "vitest";
import { inOrder, moved, plainLayout } from "./arrange";

const COLUMNS = [{ key: "number", fixed: "left" as const }, { key: "lines" }, { key: "state" }, { key: "to", extra: true }, { key: "actions", fixed: "right" as const }];
const keys = (order: string[]) => inOrder(COLUMNS, order).map((column) => column.key);

it("keeps the page's order until somebody chose", () => {
  expect(keys([])).toEqual(["number", "lines", "state", "to", "actions"]);
  expect(plainLayout(COLUMNS)).toEqual({ hidden: ["to"], order: [] });
});

it("puts columns where they were moved, and new ones behind them", () => {
  expect(keys(["state", "lines"])).toEqual(["number", "state", "lines", "to", "actions"]);
  expect(keys(["to"])).toEqual(["number", "to", "lines", "state", "actions"]);
});

it("keeps fixed columns at their edge whatever the order says, and knows nothing of columns that are gone", () => {
  expect(keys(["actions", "gone", "state", "number"])).toEqual(["number", "state", "lines", "to", "actions"]);
});

it("moves a column by one place and no further than the edge", () => {
  expect(moved(COLUMNS, [], "state", -1)).toEqual(["state", "lines", "to"]);
  expect(moved(COLUMNS, ["state", "lines", "to"], "lines", 1)).toEqual(["state", "to", "lines"]);
  expect(moved(COLUMNS, [], "lines", -1)).toEqual(["lines", "state", "to"]);
  expect(moved(COLUMNS, [], "to", 1)).toEqual(["lines", "state", "to"]);
  expect(moved(COLUMNS, [], "number", 1)).toEqual(["lines", "state", "to"]);
});
