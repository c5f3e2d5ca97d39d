import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tokensCss } from "../scripts/tokens-css.mjs";
import { color, type ColorName, type Theme } from "./tokens";
import tokens from "./tokens.json";

function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const [r, g, b] = channels.map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light! + 0.05) / (dark! + 0.05);
}

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
      expect(contrast(color[theme][front], color[theme][back])).toBeGreaterThanOrEqual(4.5);
    });
  }

  it("light and dark name the same colours", () => {
    expect(Object.keys(color.dark)).toEqual(Object.keys(color.light));
  });
});
