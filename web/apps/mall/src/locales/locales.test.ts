import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { emptyTexts, textKeys, textVariables, usedKeys } from "@xingqu/i18n/testing";
import { describe, expect, it } from "vitest";
import commonEn from "../../../../packages/i18n/src/locales/en.json";
import en from "./en.json";
import zh from "./zh-CN.json";

const root = join(import.meta.dirname, "..");
const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\./.test(path))
  .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

const known = new Set([...textKeys(en), ...textKeys(commonEn).flatMap((key) => [key, `common:${key}`])]);

describe("the mall's texts", () => {
  it("stand in both languages with the same variables", () => {
    expect(textKeys(en)).toEqual(textKeys(zh));
    expect(textVariables(en)).toEqual(textVariables(zh));
    expect([...emptyTexts(en), ...emptyTexts(zh)]).toEqual([]);
  });

  it("exist for every t(...) in the code", () => {
    const missing = sources.flatMap(({ path, text }) =>
      usedKeys(text)
        .filter((key) => !known.has(key))
        .map((key) => `${path}: ${key}`),
    );
    expect(missing).toEqual([]);
  });

  it("exist below every t(`prefix.${...}`) in the code", () => {
    const prefixes = sources.flatMap(({ path, text }) => [...text.matchAll(/\bt\(\s*`([\w.:]+)\.\$\{/g)].map((match) => ({ path, prefix: match[1]! })));
    expect(prefixes.length).toBeGreaterThan(5);
    const missing = prefixes.filter(({ prefix }) => ![...known].some((key) => key.startsWith(`${prefix}.`)));
    expect(missing).toEqual([]);
  });

  it("are the only texts: no Chinese stands in the code", () => {
    const brandMark = />\s*兴\s*</g;
    const hard = sources.filter(({ text }) => /[\u4e00-\u9fff]/.test(text.replace(brandMark, "").replace(/\/\*\*?[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "")));
    expect(hard.map(({ path }) => path)).toEqual([]);
  });
});
