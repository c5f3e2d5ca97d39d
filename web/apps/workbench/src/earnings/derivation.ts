import type { CommissionOrder, Payee } from "./queries";

/** One step from what the buyer paid to what a payee has, in minor units. */
export interface Step {
  name: "base" | "refunded" | "commission" | "service" | "platform" | "mcn" | "mine";
  amount_minor: number;
  rate_bp?: number;
}

const part = (base: number, rate: number) => Math.floor((base * rate) / 10_000);

/** How a payee's amount of an order came about, by the rates of the moment it was ordered; each step is rounded down like the books do. */
export function derivation(row: CommissionOrder, payee: Payee["payee"]): Step[] {
  const back = row.ordered_base_minor - row.base_minor;
  const steps: Step[] = [{ name: "base", amount_minor: row.ordered_base_minor }];
  if (back) steps.push({ name: "refunded", amount_minor: -back });
  if (payee === "colonel") {
    const service = part(row.base_minor, row.service_bp);
    return [
      ...steps,
      { name: "service", amount_minor: service, rate_bp: row.service_bp },
      { name: "platform", amount_minor: -part(service, row.platform_bp), rate_bp: row.platform_bp },
      { name: "mine", amount_minor: row.colonel_minor },
    ];
  }
  const commission = part(row.base_minor, row.commission_bp);
  steps.push({ name: "commission", amount_minor: commission, rate_bp: row.commission_bp }, { name: "platform", amount_minor: -part(commission, row.platform_bp), rate_bp: row.platform_bp });
  if (row.mcn_id !== null) steps.push({ name: "mcn", amount_minor: payee === "mcn" ? row.mcn_minor : -row.mcn_minor, rate_bp: row.mcn_bp });
  steps.push({ name: "mine", amount_minor: mine(row, payee) });
  return steps;
}

/** What of an order is a payee's by now. */
export function mine(row: CommissionOrder, payee: Payee["payee"]): number {
  return payee === "colonel" ? row.colonel_minor : payee === "mcn" ? row.mcn_minor : row.amount_minor;
}
