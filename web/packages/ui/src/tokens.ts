import tokens from "./tokens.json";

export type Theme = "light" | "dark";
export type ColorName = keyof (typeof tokens)["color"]["light"];

/** Design tokens as values, for component kits that can't read CSS variables (antd, echarts). */
export const color: Record<Theme, Record<ColorName, string>> = tokens.color;
export const stage = tokens.stage;
export const font = tokens.font;

const toNumber = (value: string): number => Number.parseFloat(value);

/** Sizes in CSS pixels, durations in milliseconds. */
export const textSizePx = mapValues(tokens.text, toNumber);
export const spacePx = mapValues(tokens.space, toNumber);
export const radiusPx = mapValues(tokens.radius, toNumber);
export const motionMs = {
  fast: toNumber(tokens.motion.fast),
  base: toNumber(tokens.motion.base),
  slow: toNumber(tokens.motion.slow),
};

function mapValues<K extends string>(group: Record<K, string>, convert: (value: string) => number): Record<K, number> {
  const converted = {} as Record<K, number>;
  for (const key of Object.keys(group) as K[]) converted[key] = convert(group[key]);
  return converted;
}
