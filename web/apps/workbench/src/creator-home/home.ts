import type { CreatorMoney } from "./queries";

export interface CreatorTodo {
  code: "failed" | "ready" | "draft" | "showcase" | "first_work";
  to: string;
  count: number;
}

/** What waits for the creator, the most pressing first. `works` counts works by state; `goods` are those that may be shown. */
export function creatorTodos(works: Record<string, number>, goods: number): CreatorTodo[] {
  const total = Object.values(works).reduce((sum, count) => sum + count, 0);
  const todos: CreatorTodo[] = [];
  if ((works["failed"] ?? 0) > 0) todos.push({ code: "failed", to: "content?state=failed", count: works["failed"]! });
  if ((works["ready"] ?? 0) > 0) todos.push({ code: "ready", to: "content?state=ready", count: works["ready"]! });
  if ((works["draft"] ?? 0) > 0) todos.push({ code: "draft", to: "content?state=draft", count: works["draft"]! });
  if (total === 0) todos.push({ code: "first_work", to: "content/new", count: 1 });
  if (goods === 0 && total > 0) todos.push({ code: "showcase", to: "selection", count: 1 });
  return todos;
}

/** Commissions of orders that are not settled yet, in minor units, by what they are worth after refunds so far. */
export function pendingMinor(money: CreatorMoney): number {
  return money.sums.filter((sum) => sum.state === "paid" || sum.state === "confirmed").reduce((total, sum) => total + sum.amount_minor, 0);
}
