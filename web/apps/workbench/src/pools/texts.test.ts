import { describe, expect, it } from "vitest";
import { pools } from "./texts";

const STAGES = ["none", "entry", "growth", "breakout", "graduated", "unproven", "demoted"];
const REASONS = ["entered", "gathering", "proven", "poor", "used_up"];

describe("texts of the traffic pools", () => {
  it.each(["zh-CN", "en"] as const)("name every stage and give a reason for every gate in %s", (language) => {
    expect(Object.keys(pools[language].stage)).toEqual(STAGES);
    expect(Object.keys(pools[language].why)).toEqual(REASONS);
    expect(Object.values(pools[language].why).every((text) => text.length > 5)).toBe(true);
  });
});
