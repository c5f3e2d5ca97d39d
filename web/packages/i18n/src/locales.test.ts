import { expect, it } from "vitest";
import en from "./locales/en.json";
import zh from "./locales/zh-CN.json";
import { emptyTexts, textKeys, textVariables } from "./testing";

it("the shared texts stand in both languages with the same variables", () => {
  expect(textKeys(en)).toEqual(textKeys(zh));
  expect(textVariables(en)).toEqual(textVariables(zh));
  expect([...emptyTexts(en), ...emptyTexts(zh)]).toEqual([]);
});
