import { expect, it } from "vitest";
import { fieldWords, shownValue, subjectNumbers } from "./changes";

it("names a changed field by the words of its parts", () => {
  const word = (part: string) => ({ seller: "销售方", bank: "开户行", steps: "档位" })[part] ?? part;
  expect(fieldWords("seller.bank", word)).toBe("销售方 · 开户行");
  expect(fieldWords("steps.2.材质", word)).toBe("档位 · #2 · 材质");
});

it("shows nothing as a dash, and what is not a text as it was sent", () => {
  expect([null, undefined, ""].map(shownValue)).toEqual(["–", "–", "–"]);
  expect(["已上架", 0, false, ["view"]].map(shownValue)).toEqual(["已上架", "0", "false", '["view"]']);
});

it("keeps the numbers of a subject", () => {
  expect(subjectNumbers("orders/S261123/ship")).toBe("S261123");
  expect(subjectNumbers("live-rooms/1/items/7")).toBe("1 / 7");
  expect(subjectNumbers("invoices/settings")).toBe("");
});
