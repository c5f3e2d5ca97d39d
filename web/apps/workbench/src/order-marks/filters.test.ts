import { expect, it } from "vitest";
import { countMore, toQuery } from "./filters";

it("sends amounts as minor units and leaves out what is none", () => {
  expect(toQuery({ min: "9.9", max: "abc", noted: "no", flag: "red", product: 7, like: "S1" })).toEqual({
    min_minor: 990,
    max_minor: undefined,
    has_note: false,
    flag: "red",
    source: undefined,
    product_id: 7,
    creator_id: undefined,
    content_id: undefined,
    campaign: undefined,
    like: "S1",
  });
  expect(toQuery({ like: "a b" }).like).toBeUndefined();
  expect(toQuery({ creator: 4, campaign: "flash_sale:7" })).toMatchObject({ creator_id: 4, campaign: "flash_sale:7" });
  expect(toQuery({ campaign: "evil" }).campaign).toBeUndefined();
});

it("counts what is set", () => {
  expect(countMore({})).toBe(0);
  expect(countMore({ min: "1", flag: "any" })).toBe(2);
});
