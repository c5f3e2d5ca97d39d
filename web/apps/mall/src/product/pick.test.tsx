import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, waitFor } from "@testing-library/react";
import { createMemoryRouter, RouterProvider, useLocation, useSearchParams } from "react-router";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { checkoutAddress, readAttribution } from "../checkout/address";
import { pickedAttribution, readPick, usePicked } from "./pick";
import { PickPage } from "./PickPage";
import { useTouch } from "./touch";

const PICKED = { product_id: 7, creator_id: 3, touch: "0.3.0.0.1.7.mac" };
let sent: { path: string; body: unknown }[] = [];

beforeEach(() => {
  sent = [];
  vi.stubGlobal(
    "fetch",
    vi.fn(async (input: Request | string) => {
      const request = input instanceof Request ? input : new Request(input);
      sent.push({ path: new URL(request.url).pathname, body: request.method === "POST" ? await request.json() : null });
      const body = request.method === "GET" ? JSON.stringify(PICKED) : "null";
      return new Response(body, { status: 200, headers: { "content-type": "application/json" } });
    }),
  );
});
afterEach(() => vi.unstubAllGlobals());

function Product() {
  const [search] = useSearchParams();
  const here = useLocation();
  const attribution = pickedAttribution(readAttribution(search), usePicked(readPick(search)).data, 7);
  useTouch(7, attribution);
  return (
    <p>
      {here.pathname + here.search} {checkoutAddress([{ sku_id: 9, quantity: 1 }], attribution)}
    </p>
  );
}

it("goes from a creator's link to the product, tells the opening once, and keeps the proof up to the checkout", async () => {
  const router = createMemoryRouter(
    [
      { path: "/picks/:pickSource", element: <PickPage /> },
      { path: "/product/7", element: <Product /> },
    ],
    { initialEntries: ["/picks/AbC123"] },
  );
  const page = render(
    <QueryClientProvider client={new QueryClient()}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  await waitFor(() => expect(page.container.textContent).toBe("/product/7?pick=AbC123 /checkout?lines=9x1&surface=creator&touch=0.3.0.0.1.7.mac"));
  await waitFor(() => expect(sent.map((one) => one.path)).toEqual(["/api/v1/picks/AbC123", "/api/v1/touches"]));
  expect(sent[1]!.body).toEqual({ product_id: 7, surface: "creator", touch: "0.3.0.0.1.7.mac" });
});

it("takes no link that is none, and none of another product", () => {
  expect(readPick(new URLSearchParams("pick=AbC123"))).toBe("AbC123");
  for (const search of ["", "pick=", "pick=a/b", "pick=abc", `pick=${"x".repeat(25)}`]) expect(readPick(new URLSearchParams(search))).toBeNull();
  expect(pickedAttribution({ surface: "search" }, PICKED, 8)).toEqual({ surface: "search" });
  expect(pickedAttribution({ surface: "search" }, undefined, 7)).toEqual({ surface: "search" });
});
