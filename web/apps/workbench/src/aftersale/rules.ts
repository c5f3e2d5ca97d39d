import type { AfterSaleRules } from "../api/types";

export type RuleName = keyof AfterSaleRules;

/** How the page groups the rules. */
export const RULE_GROUPS: readonly { name: string; rules: readonly RuleName[] }[] = [
  { name: "windows", rules: ["apply_days", "no_reason_days", "repair_days", "price_protection_days"] },
  { name: "merchant", rules: ["review_s", "confirm_s", "confirm_delivered_s", "ship_s", "evidence_s"] },
  { name: "buyer", rules: ["offer_s", "refused_s", "return_s", "receive_s", "receive_delivered_s"] },
  { name: "platform", rules: ["handling_s", "verdict_s"] },
  { name: "at_once", rules: ["pre_ship_auto", "instant", "instant_max_minor", "instant_monthly", "instant_min_orders"] },
];

/** Seconds are shown as hours, minor units as money: what people think in. */
export function shownValue(rule: RuleName, stored: number): number {
  if (rule.endsWith("_s")) return Math.round((stored / 3600) * 100) / 100;
  return rule.endsWith("_minor") ? stored / 100 : stored;
}

export function storedValue(rule: RuleName, shown: number): number {
  if (rule.endsWith("_s")) return Math.round(shown * 3600);
  return rule.endsWith("_minor") ? Math.round(shown * 100) : Math.round(shown);
}
