import type { Today } from "../api/types";

/** What the other desks wait with. */
export type DeskTodo = "deposit_short" | "papers_expired" | "papers_expiring" | "contracts_ending" | "cases_soon" | "chats_late" | "review_cases" | "cases" | "chats" | "reviews" | "samples" | "collaborations";
export type DeskCounts = Partial<Record<DeskTodo, number>>;

export interface Todo {
  code: "late_to_ship" | "to_ship" | "failed_media" | "rejected" | "low_stock" | "drafts" | "unpaid" | DeskTodo;
  count: number;
  /** The room's address below the shop. */
  to: string;
  urgency: "now" | "today" | "when_free";
}

export interface TodoCounts {
  today: Pick<Today, "to_ship" | "late_to_ship" | "unpaid" | "low_stock">;
  rejected: number;
  failed_media: number;
  /** Of the desks that this member may read. */
  desks?: DeskCounts;
}

/** What waits for the merchant, most urgent first; nothing with a count of zero. */
export function listTodos({ today, rejected, failed_media, desks = {} }: TodoCounts): Todo[] {
  const soon = desks.cases_soon ?? 0;
  const late = desks.chats_late ?? 0;
  const todos: Todo[] = [
    { code: "deposit_short", count: desks.deposit_short ?? 0, to: "funds?tab=deposit", urgency: "now" },
    { code: "papers_expired", count: desks.papers_expired ?? 0, to: "qualification", urgency: "now" },
    { code: "cases_soon", count: soon, to: "aftersale?queue=timed_soon", urgency: "now" },
    { code: "chats_late", count: late, to: "messages", urgency: "now" },
    { code: "late_to_ship", count: today.late_to_ship, to: "orders?tab=late_to_ship", urgency: "now" },
    // Late ones are told of on their own line.
    { code: "to_ship", count: Math.max(today.to_ship - today.late_to_ship, 0), to: "orders?tab=to_ship", urgency: "today" },
    { code: "cases", count: Math.max((desks.cases ?? 0) - soon, 0), to: "aftersale?queue=open", urgency: "today" },
    { code: "chats", count: Math.max((desks.chats ?? 0) - late, 0), to: "messages", urgency: "today" },
    { code: "review_cases", count: desks.review_cases ?? 0, to: "reviews?show=reported", urgency: "today" },
    { code: "collaborations", count: desks.collaborations ?? 0, to: "collaborations?waiting=me", urgency: "today" },
    { code: "samples", count: desks.samples ?? 0, to: "samples?waiting=me", urgency: "today" },
    { code: "failed_media", count: failed_media, to: "content?state=failed", urgency: "today" },
    { code: "papers_expiring", count: desks.papers_expiring ?? 0, to: "qualification", urgency: "today" },
    { code: "rejected", count: rejected, to: "products?state=rejected", urgency: "today" },
    { code: "reviews", count: desks.reviews ?? 0, to: "reviews?show=unanswered", urgency: "when_free" },
    { code: "contracts_ending", count: desks.contracts_ending ?? 0, to: "collaborations?tab=running", urgency: "when_free" },
    { code: "low_stock", count: today.low_stock, to: "products?state=low_stock", urgency: "when_free" },
    { code: "unpaid", count: today.unpaid, to: "orders?tab=unpaid", urgency: "when_free" },
  ];
  return todos.filter((todo) => todo.count > 0);
}
