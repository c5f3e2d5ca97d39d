import { expect, it } from "vitest";
import { apiAddress } from "./http";

it("leaves empty filters out of the address", () => {
  expect(apiAddress("/shops/1/orders", { q: "", state: "paid", cursor: null, limit: 50 })).toBe(
    "/api/v1/shops/1/orders?state=paid&limit=50",
  );
  expect(apiAddress("/session")).toBe("/api/v1/session");
});
