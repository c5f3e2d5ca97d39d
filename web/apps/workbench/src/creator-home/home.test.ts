import { expect, it } from "vitest";
import { creatorTodos, pendingMinor } from "./home";
import type { CreatorMoney } from "./queries";

it("lists what waits, the most pressing first", () => {
  expect(creatorTodos({}, 0).map((todo) => todo.code)).toEqual(["first_work"]);
  expect(creatorTodos({ draft: 2, failed: 1, ready: 3, published: 4 }, 1).map((todo) => [todo.code, todo.count])).toEqual([
    ["failed", 1],
    ["ready", 3],
    ["draft", 2],
  ]);
  expect(creatorTodos({ published: 1 }, 0).map((todo) => todo.code)).toEqual(["showcase"]);
});

it("adds what is not settled yet", () => {
  const sum = (state: string, amount_minor: number) => ({ state, amount_minor, orders: 1, base_minor: 0, estimated_minor: 99_999, cost_minor: 0 });
  const sums = [sum("paid", 300), sum("confirmed", 40), sum("settled", 5000), sum("refunded", 7)];
  expect(pendingMinor({ sums } as unknown as CreatorMoney)).toBe(340);
});
