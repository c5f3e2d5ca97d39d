import { expect, it } from "vitest";
import { roleOf, valueOf } from "./roles";

it("tells the house's roles from the shop's own, both ways", () => {
  expect(roleOf("finance")).toEqual({ role: "finance", own_role_id: null });
  expect(roleOf("own:12")).toEqual({ role: "own", own_role_id: 12 });
  for (const value of ["viewer", "own:7"]) expect(valueOf(roleOf(value))).toBe(value);
});
