import { expect, it } from "vitest";
import { firstScopes, hasUse } from "./scopes";

it("offers what a kind of workplace has a use for", () => {
  const scopes = ["product.read", "live.write", "alliance.read", "creator.write", "shop.read"];
  const offered = (kind: string) => scopes.filter((scope) => hasUse(kind, scope));
  expect(offered("merchant")).toEqual(["product.read", "live.write", "alliance.read", "shop.read"]);
  expect(offered("creator")).toEqual(["live.write", "creator.write", "shop.read"]);
  expect(offered("mcn")).toEqual(["alliance.read", "creator.write", "shop.read"]);
  expect(offered("service_provider")).toEqual(["creator.write", "shop.read"]);
  for (const kind of ["merchant", "creator", "mcn"]) expect(firstScopes(kind).every((scope) => hasUse(kind, scope))).toBe(true);
});
