import type { Today } from "../api/types";

export interface Todo {
  code: "late_to_ship" | "to_ship" | "failed_media" | "rejected" | "low_stock" | "drafts" | "unpaid";
  count: number;
  /** The room's address below the shop. */
  to: string;
  urgency: "now" | "today" | "when_free";
}

export interface TodoCounts {
  today: Pick<Today, "to_ship" | "late_to_ship" | "unpaid" | "low_stock">;
  rejected: number;
  failed_media: number;
}

/** What waits for the merchant, most urgent first; nothing with a count of zero. */
export function listTodos({ today, rejected, failed_media }: TodoCounts): Todo[] {
  const todos: Todo[] = [
    { code: "late_to_ship", count: today.late_to_ship, to: "orders?tab=late_to_ship", urgency: "now" },
    // Late ones are told of on their own line.
    { code: "to_ship", count: Math.max(today.to_ship - today.late_to_ship, 0), to: "orders?tab=to_ship", urgency: "today" },
    { code: "failed_media", count: failed_media, to: "content?state=failed", urgency: "today" },
    { code: "rejected", count: rejected, to: "products?state=rejected", urgency: "today" },
    { code: "low_stock", count: today.low_stock, to: "products?state=low_stock", urgency: "when_free" },
    { code: "unpaid", count: today.unpaid, to: "orders?tab=unpaid", urgency: "when_free" },
  ];
  return todos.filter((todo) => todo.count > 0);
}
