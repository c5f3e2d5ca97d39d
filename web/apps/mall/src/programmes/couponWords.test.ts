import { expect, it } from "vitest";
import { rateOff } from "./couponWords";

it("says a rate in both habits", () => {
  expect([rateOff(1000, "en"), rateOff(1000, "zh-CN")]).toEqual(["10", "9"]);
  expect([rateOff(1550, "en"), rateOff(1550, "zh-CN")]).toEqual(["15.5", "8.45"]);
});
