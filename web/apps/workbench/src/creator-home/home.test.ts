import { expect, it } from "vitest";
import { agencyTodos, contractsToAnswer, creatorTodos, pendingMinor } from "./home";
import type { CreatorMoney } from "./queries";

it("lists what waits, the most pressing first", () => {
  const none = { samples: 0, collaborations: 0, contracts: 0 };
  expect(creatorTodos({}, 0, none).map((todo) => todo.code)).toEqual(["first_work"]);
  expect(creatorTodos({ draft: 2, failed: 1, ready: 3, published: 4 }, 1, none).map((todo) => [todo.code, todo.count])).toEqual([
    ["failed", 1],
    ["ready", 3],
    ["draft", 2],
  ]);
  expect(creatorTodos({ published: 1 }, 0, none).map((todo) => todo.code)).toEqual(["showcase"]);
  expect(creatorTodos({ published: 1 }, 1, { samples: 2, collaborations: 1, contracts: 3 }).map((todo) => [todo.code, todo.count])).toEqual([
    ["samples", 2],
    ["collaborations", 1],
    ["contracts", 3],
  ]);
});

it("counts the contracts that a side has to answer", () => {
  const contract = (state: string, ...shares: [string, string][]) => ({ state, shares: shares.map(([proposed_by, share_state]) => ({ proposed_by, state: share_state })) });
  const contracts = [contract("invited"), contract("active", ["agency", "waiting"]), contract("active", ["creator", "waiting"]), contract("active", ["agency", "accepted"]), contract("ended", ["agency", "waiting"])] as unknown as Parameters<typeof contractsToAnswer>[0];
  expect(contractsToAnswer(contracts, "creator")).toBe(2);
  expect(contractsToAnswer(contracts, "agency")).toBe(1);
  expect(agencyTodos(0, 0)).toEqual([]);
  expect(agencyTodos(1, 4).map((todo) => [todo.code, todo.to, todo.count])).toEqual([
    ["contracts", "creators", 1],
    ["enrolments", "activities", 4],
  ]);
});

it("adds what is not settled yet", () => {
  const sum = (state: string, amount_minor: number) => ({ state, amount_minor, orders: 1, base_minor: 0, estimated_minor: 99_999, cost_minor: 0 });
  const sums = [sum("paid", 300), sum("confirmed", 40), sum("settled", 5000), sum("refunded", 7)];
  expect(pendingMinor({ sums } as unknown as CreatorMoney)).toBe(340);
});
