import { expect, it } from "vitest";
import { isCreditCode } from "./titles";

it("knows a code by its check character", () => {
  expect(isCreditCode("91350100M000100Y43")).toBe(true);
  expect(isCreditCode(" 91350100m000100y43 ")).toBe(true);
  expect(isCreditCode("91350100M000100Y44")).toBe(false);
  expect(isCreditCode("91350100M000100Y4")).toBe(false);
  expect(isCreditCode("91I50100M000100Y43")).toBe(false);
  expect(isCreditCode("")).toBe(false);
});
