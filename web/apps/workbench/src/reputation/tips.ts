import type { Reputation } from "./queries";

type Indicator = Reputation["parts"][number]["indicators"][number];

/** What to do first: the indicators that were counted and cost the score something, the dearest first. */
export function tips(parts: Reputation["parts"]): Indicator[] {
  return parts
    .flatMap((part) => part.indicators)
    .filter((one) => one.count > 0 && one.loss >= 0.05)
    .sort((a, b) => b.loss - a.loss);
}

/** Stars with two decimals, shares in per cent. */
export function shown(name: string, value: number): string {
  return name.endsWith("_stars") ? value.toFixed(2) : `${(100 * value).toFixed(1)}%`;
}

/** How far a figure is to what a level asks for, 0 to 100. */
export function share(has: number, asked: number): number {
  return asked <= 0 ? 100 : Math.min(100, Math.floor((100 * has) / asked));
}
