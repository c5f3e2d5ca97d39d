import type { DeskCounts, DeskPackage } from "../api/types";

/** Tabs of the desk: the first two list orders, the others packages. */
export const DESK_TABS = ["to_ship", "late_to_ship", "packed", "in_transit", "exceptions", "delivered", "turned_back"] as const;
export type DeskTab = (typeof DESK_TABS)[number];

export function listsOrders(tab: string | undefined): boolean {
  return !tab || tab === "to_ship" || tab === "late_to_ship";
}

const MOVING = new Set(["handed_over", "in_transit", "exception"]);

/** What may be done about a package now; the server decides again. */
export function packageActions(one: DeskPackage): ("waybill" | "hand_over" | "split" | "unpack" | "label" | "number" | "intercept")[] {
  if (one.state === "packed") {
    const units = one.lines.reduce((sum, line) => sum + line.quantity, 0);
    return one.has_waybill ? ["hand_over", "label", "unpack"] : ["waybill", "hand_over", ...(units > 1 ? (["split"] as const) : []), "unpack"];
  }
  if (!MOVING.has(one.state)) return [];
  const turning = one.intercept === "asked" || one.intercept === "accepted";
  return turning ? ["label"] : ["label", "number", "intercept"];
}

/** Share of orders shipped in time, in whole percent; null when nothing was due. */
export function inTimePercent(figures: DeskCounts["figures"]): number | null {
  return figures.due === 0 ? null : Math.floor((figures.in_time * 100) / figures.due);
}

export const PACKAGE_COLOURS: Record<string, string> = {
  packed: "gold",
  handed_over: "blue",
  in_transit: "blue",
  out_for_delivery: "cyan",
  exception: "red",
  delivered: "green",
  turning_back: "orange",
  turned_back: "default",
};
