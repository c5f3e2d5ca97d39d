import { describe, expect, it } from "vitest";
import { leavesTheMall, safeNext } from "./next";

describe("where a person goes on after signing in", () => {
  it("is an address of this site", () => {
    expect(["/cart", "//evil.example", "/\\evil.example", "https://evil.example", null].map(safeNext)).toEqual(["/cart", "/", "/", "/", "/"]);
  });

  it("is loaded anew when it is not the mall's", () => {
    expect(["/workbench/open-shop", "/workbench", "/workbench?x=1", "/admin/", "/workbenches", "/cart?next=/workbench"].map(leavesTheMall)).toEqual([true, true, true, true, false, false]);
  });
});
