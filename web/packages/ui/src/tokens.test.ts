import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tokensCss } from "../scripts/tokens-css.mjs";
import { AA_CONTRAST, contrast } from "./contrast";
import { color, type ColorName, type Theme } from "./tokens";
import tokens from "./tokens.json";

const PAIRS: [ColorName, ColorName][] = [
  ["text", "canvas"],
  ["text", "surface"],
  ["text-muted", "canvas"],
  ["text-muted", "surface"],
  ["text-muted", "surface-raised"],
  ["text-muted", "surface-sunken"],
  ["text-faint", "surface"],
  ["text-faint", "canvas"],
  ["accent", "surface"],
  ["accent", "canvas"],
  ["accent", "accent-soft"],
  ["on-accent", "accent"],
  ["on-accent", "accent-strong"],
  ["link", "surface"],
  ["success", "success-soft"],
  ["warning", "warning-soft"],
  ["danger", "danger-soft"],
  ["danger", "surface"],
  ["info", "info-soft"],
];

describe("tokens", () => {
  it("tokens.css is what tokens.json says", () => {
    const css = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");
    expect(css).toBe(tokensCss(tokens));
  });

  for (const theme of ["light", "dark"] as Theme[]) {
    it.each(PAIRS)(`${theme}: %s on %s reaches AA (4.5)`, (front, back) => {
      expect(contrast(color[theme][front], color[theme][back])).toBeGreaterThanOrEqual(AA_CONTRAST);
    });
  }

  it("light and dark name the same colours", () => {
    expect(Object.keys(color.dark)).toEqual(Object.keys(color.light));
  });
});
