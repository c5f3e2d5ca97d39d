import { expect, it } from "vitest";
import { checkoutAddress, readAttribution, readLines } from "./address";

const search = (address: string) => new URL(address, "http://x").searchParams;

it("carries lines and what led to them", () => {
  const address = checkoutAddress([{ sku_id: 7, quantity: 2 }], { content_id: 3, creator_id: 4, request_id: "r-1", surface: "for_you" });
  expect(readLines(search(address))).toEqual([{ sku_id: 7, quantity: 2 }]);
  expect(readAttribution(search(address))).toEqual({ content_id: 3, creator_id: 4, request_id: "r-1", surface: "for_you" });
});

it("carries the proof of the card, and nothing that can't be one", () => {
  const address = checkoutAddress([], { surface: "content", touch: "1.2.0.0.9.7-8.a_B-c" });
  expect(readAttribution(search(address))).toEqual({ surface: "content", touch: "1.2.0.0.9.7-8.a_B-c" });
  expect(readAttribution(search("/checkout?surface=mall&touch=%3Cb%3E"))).toEqual({ surface: "mall" });
});

it("without lines it is the cart", () => {
  expect(checkoutAddress([])).toBe("/checkout");
  expect(readLines(search("/checkout"))).toBeNull();
});

it("leaves out what is malformed", () => {
  expect(readLines(search("/checkout?lines=7x0,ax2,8x3,9x-1,10x99999"))).toEqual([{ sku_id: 8, quantity: 3 }]);
  expect(readLines(search("/checkout?lines=evil"))).toBeNull();
  expect(readAttribution(search("/checkout?content=-2&surface=evil"))).toEqual({});
});
