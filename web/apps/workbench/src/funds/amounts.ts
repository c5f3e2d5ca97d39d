import { parseMoney } from "../format/money-input";

export type AmountProblem = "missing" | "amount" | "too_much" | "too_little";

/** What is wrong with an amount to be withdrawn: it must be there, at least the least, at most what is available. */
export function amountProblem(typed: string, limits: { least_minor: number; most_minor: number }): AmountProblem | null {
  const parsed = parseMoney(typed);
  if (!parsed.ok) return parsed.problem === "empty" ? "missing" : "amount";
  if (parsed.amount_minor > limits.most_minor) return "too_much";
  return parsed.amount_minor < limits.least_minor ? "too_little" : null;
}

/** Minor units of what was typed; 0 when it is no amount. */
export function amountOf(typed: string): number {
  const parsed = parseMoney(typed);
  return parsed.ok ? parsed.amount_minor : 0;
}
