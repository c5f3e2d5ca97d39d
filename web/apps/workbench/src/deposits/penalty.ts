import { parseMoney } from "../format/money-input";

export type PenaltyProblem = "nothing" | "amount" | "reason" | "order";

/** What keeps a penalty from being sent: it deducts, compensates an order's buyer, or both, and says why. */
export function penaltyProblem(typed: { amount: string; compensation: string; order: string; reason: string }): PenaltyProblem | null {
  const [amount, compensation] = [typed.amount, typed.compensation].map((text) => (text.trim() ? parseMoney(text) : { ok: true as const, amount_minor: 0 }));
  if (!amount?.ok || !compensation?.ok) return "amount";
  if (amount.amount_minor + compensation.amount_minor === 0) return "nothing";
  if (compensation.amount_minor > 0 && !typed.order.trim()) return "order";
  return typed.reason.trim() ? null : "reason";
}
