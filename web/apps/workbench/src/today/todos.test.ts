import { expect, it } from "vitest";
import { listTodos } from "./todos";

it("lists what waits, most urgent first, without zeros", () => {
  const todos = listTodos({ today: { to_ship: 5, late_to_ship: 2, unpaid: 0, low_stock: 1 }, rejected: 0, failed_media: 3 });
  expect(todos.map((todo) => [todo.code, todo.count])).toEqual([
    ["late_to_ship", 2],
    ["to_ship", 3],
    ["failed_media", 3],
    ["low_stock", 1],
  ]);
});

it("lists the other desks without counting anything twice", () => {
  const today = { to_ship: 0, late_to_ship: 0, unpaid: 0, low_stock: 0 };
  const desks = { deposit_short: 1, cases_soon: 2, cases: 5, chats: 3, chats_late: 3, reviews: 4 };
  const todos = listTodos({ today, rejected: 0, failed_media: 0, desks });
  expect(todos.map((todo) => [todo.code, todo.count, todo.urgency])).toEqual([
    ["deposit_short", 1, "now"],
    ["cases_soon", 2, "now"],
    ["chats_late", 3, "now"],
    ["cases", 3, "today"],
    ["reviews", 4, "when_free"],
  ]);
});

it("tells of papers and contracts that end", () => {
  const today = { to_ship: 1, late_to_ship: 0, unpaid: 0, low_stock: 0 };
  const todos = listTodos({ today, rejected: 0, failed_media: 0, desks: { papers_expired: 1, papers_expiring: 2, contracts_ending: 3 } });
  expect(todos.map((todo) => [todo.code, todo.count, todo.to, todo.urgency])).toEqual([
    ["papers_expired", 1, "qualification", "now"],
    ["to_ship", 1, "orders?tab=to_ship", "today"],
    ["papers_expiring", 2, "qualification", "today"],
    ["contracts_ending", 3, "collaborations?tab=running", "when_free"],
  ]);
});

it("is empty when nothing waits", () => {
  expect(listTodos({ today: { to_ship: 0, late_to_ship: 0, unpaid: 0, low_stock: 0 }, rejected: 0, failed_media: 0 })).toEqual([]);
});
