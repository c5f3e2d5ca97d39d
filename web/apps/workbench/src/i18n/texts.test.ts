import { emptyTexts, textKeys, textVariables, usedKeys } from "@xingqu/i18n/testing";
import { describe, expect, it } from "vitest";
import commonZh from "../../../../packages/i18n/src/locales/zh-CN.json";
import { texts } from "./texts";

type Tree = { [key: string]: string | Tree };
const zh = texts["zh-CN"] as Tree;
const en = texts.en as Tree;

const sources = import.meta.glob<string>(["../**/*.{ts,tsx}", "!../**/*.test.*", "!../**/texts.ts"], {
  query: "?raw",
  import: "default",
  eager: true,
});
const known = new Set([...textKeys(zh), ...textKeys(commonZh as Tree)]);

describe("the workbench's texts", () => {
  it("stand in both languages", () => {
    expect(textKeys(en)).toEqual(textKeys(zh));
  });

  it("fill in the same values in both languages", () => {
    expect(textVariables(en)).toEqual(textVariables(zh));
  });

  it("are never empty", () => {
    expect([...emptyTexts(zh), ...emptyTexts(en)]).toEqual([]);
  });

  it("hold every key that the code asks for by name", () => {
    const missing = Object.entries(sources).flatMap(([file, source]) =>
      usedKeys(source)
        .filter((key) => !known.has(key))
        .map((key) => `${file}: ${key}`),
    );
    expect(missing).toEqual([]);
  });

  it("hold every key of a room that stands anywhere in the code as a plain text", () => {
    const literal = new RegExp(`"((?:${Object.keys(zh).join("|")})\\.[a-z_0-9.]+)"`, "g");
    const missing = Object.entries(sources).flatMap(([file, source]) =>
      [...source.matchAll(literal)].filter((match) => !known.has(match[1]!) && !/\.(read|write)$/.test(match[1]!)).map((match) => `${file}: ${match[1]}`),
    );
    expect(missing).toEqual([]);
  });

  it("hold at least one key below every prefix that the code completes at run time", () => {
    const prefixes = Object.values(sources).flatMap((source) =>
      [...source.matchAll(/\bt\(`([\w.]+?)\$\{/g)].map((match) => match[1]!),
    );
    expect(prefixes.length).toBeGreaterThan(20);
    expect(prefixes.filter((prefix) => ![...known].some((key) => key.startsWith(prefix)))).toEqual([]);
  });

  it("speak English in English", () => {
    const chinese = /[\u4e00-\u9fff]/;
    const flat = (tree: Tree): string[] => Object.values(tree).flatMap((value) => (typeof value === "string" ? [value] : flat(value)));
    expect(flat(en).filter((text) => chinese.test(text))).toEqual([]);
  });
});
