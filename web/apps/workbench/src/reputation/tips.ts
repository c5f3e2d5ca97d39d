import type { Reputation } from "./queries";

type Rules = Reputation["rules"];
type Indicator = Reputation["parts"][number]["indicators"][number];

/** Whether the figure itself is short of what earns all points; else only too few rows keep it from them. */
function isShort(one: Indicator, rule: Rules["indicators"][string] | undefined): boolean {
  if (one.value === null || rule === undefined) return false;
  return rule.floor < rule.target ? one.value < rule.target : one.value > rule.target;
}

/** What to do first: the indicators whose counted figure is short and costs the score something, the dearest first. */
export function tips(parts: Reputation["parts"], rules: Pick<Rules, "indicators">): Indicator[] {
  return parts
    .flatMap((part) => part.indicators)
    .filter((one) => one.count > 0 && one.loss >= 0.05 && isShort(one, rules.indicators[one.name]))
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
