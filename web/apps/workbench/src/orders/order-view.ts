import type { TFunction } from "i18next";
import type { Order } from "../api/types";

/** Tabs of the room and the order state that each asks the server for. */
export const ORDER_TABS = ["all", "to_ship", "late_to_ship", "unpaid", "shipped", "done", "refunding", "refunded", "cancelled"] as const;
export type OrderTab = (typeof ORDER_TABS)[number];

export function stateOfTab(tab: string | undefined): string | undefined {
  if (!tab || tab === "all") return undefined;
  return tab;
}

export const STATE_COLOURS: Record<string, string> = {
  unpaid: "gold",
  part_paid: "gold",
  paid: "volcano",
  part_shipped: "orange",
  shipped: "blue",
  done: "green",
  refunding: "purple",
  refunded: "default",
  cancelled: "default",
};

/** The server counts up to ten thousand and no further. */
const COUNT_LIMIT = 10_000;

export function countText(count: number): string {
  return count >= COUNT_LIMIT ? `${COUNT_LIMIT - 1}+` : String(count);
}

export type Urgency = "late" | "soon" | "calm";

const SOON_MS = 6 * 3_600_000;

/** How near the moment is until which somebody must act. `now_ms` is the clock. */
export function urgencyOf(by: string | null | undefined, now_ms: number): Urgency {
  if (!by) return "calm";
  const left_ms = new Date(by).getTime() - now_ms;
  if (left_ms <= 0) return "late";
  return left_ms < SOON_MS ? "soon" : "calm";
}

/** One line: what is happening and who must act. */
export function nextStepText(t: TFunction, order: Order): string {
  const step = order.next_step;
  if (step.code === "none") return t(`orders.step.none_${order.state}`, { defaultValue: t("orders.step.none") });
  return t(`orders.step.${step.code}`, { defaultValue: t(`orders.who.${step.who ?? "platform"}`) });
}
