import type { components } from "@xingqu/client";
import type { CreatorMoney } from "./queries";

type Schemas = components["schemas"];

export interface PartnerTodo {
  code: "samples" | "collaborations" | "contracts" | "enrolments" | "failed" | "ready" | "draft" | "showcase" | "first_work";
  to: string;
  count: number;
}

/** What waits at the desks that others write to. */
export interface PartnerDesks {
  samples: number;
  collaborations: number;
  contracts: number;
}

/** How many contracts the side has to answer: an offer is the creator's to answer, a new share that of who did not propose it. */
export function contractsToAnswer(contracts: readonly Schemas["ContractOut"][], side: "creator" | "agency"): number {
  return contracts.filter((one) => (one.state === "invited" ? side === "creator" : one.state === "active" && one.shares.some((share) => share.state === "waiting" && share.proposed_by !== side))).length;
}

/** What waits for an agency: contracts to answer, and products that merchants enrolled. */
export function agencyTodos(contracts: number, enrolments: number): PartnerTodo[] {
  const todos: PartnerTodo[] = [
    { code: "contracts", to: "creators", count: contracts },
    { code: "enrolments", to: "activities", count: enrolments },
  ];
  return todos.filter((todo) => todo.count > 0);
}

/** What waits for the creator, the most pressing first. `works` counts works by state; `goods` are those that may be shown. */
export function creatorTodos(works: Record<string, number>, goods: number, desks: PartnerDesks): PartnerTodo[] {
  const total = Object.values(works).reduce((sum, count) => sum + count, 0);
  const todos: PartnerTodo[] = [];
  if (desks.samples > 0) todos.push({ code: "samples", to: "samples?waiting=me", count: desks.samples });
  if (desks.collaborations > 0) todos.push({ code: "collaborations", to: "collaborations?waiting=me", count: desks.collaborations });
  if (desks.contracts > 0) todos.push({ code: "contracts", to: "agencies", count: desks.contracts });
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
