import { expect, it } from "vitest";
import { type PaletteEntry, matchEntries } from "./palette-match";

const entry = (label: string, words = ""): PaletteEntry => ({ group: "rooms", label, to: `/${label}`, words });
const entries = [entry("今日", "today"), entry("Batch ship orders", "csv"), entry("Orders", "parcels")];

it("finds by label and by hidden words, best first", () => {
  expect(matchEntries(entries, "today").map((each) => each.label)).toEqual(["今日"]);
  expect(matchEntries(entries, "orders").map((each) => each.label)).toEqual(["Orders", "Batch ship orders"]);
  expect(matchEntries(entries, "ship csv").map((each) => each.label)).toEqual(["Batch ship orders"]);
  expect(matchEntries(entries, " ")).toEqual(entries);
  expect(matchEntries(entries, "zzz")).toEqual([]);
});
