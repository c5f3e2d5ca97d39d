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

it("is empty when nothing waits", () => {
  expect(listTodos({ today: { to_ship: 0, late_to_ship: 0, unpaid: 0, low_stock: 0 }, rejected: 0, failed_media: 0 })).toEqual([]);
});
