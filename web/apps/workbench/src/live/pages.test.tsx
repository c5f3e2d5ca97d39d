import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, configure, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { startI18n } from "@xingqu/i18n";
import { App } from "antd";
import type { ReactNode } from "react";
import { MemoryRouter } from "react-router";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ShopContext } from "../app/session";
import { texts } from "../i18n/texts";
import { DeskCover } from "./DeskCover";
import type { DeskProps } from "./DeskPage";
import { ItemPrices } from "./DeskPrices";
import { LuckyBags } from "./LuckyBags";
import PricesPage from "./PricesPage";
import { live } from "./texts";

const words = live.en;
const answers = new Map<string, unknown>();
const asked: { path: string; body: unknown }[] = [];

vi.mock("@xingqu/client", async (original) => ({
  ...(await original<object>()),
  houseFetch: async (address: string, options: RequestInit) => {
    const path = new URL(address).pathname.replace("/api/v1", "");
    if (typeof options.body === "string") asked.push({ path, body: JSON.parse(options.body) });
    return new Response(JSON.stringify(answers.get(path) ?? {}), { status: 200, headers: { "content-type": "application/json" } });
  },
}));

// Many machines that run this are busy with something else.
vi.setConfig({ testTimeout: 60_000 });
configure({ asyncUtilTimeout: 20_000 });

beforeAll(() => {
  localStorage.setItem("xq.language", "en");
  startI18n({ workbench: texts });
});
afterEach(() => {
  cleanup();
  answers.clear();
  asked.length = 0;
});

const SHOP = { id: 5, name: "Lamps", kind: "merchant", role: "owner", permissions: ["*"] };
const money = (amount_minor: number) => ({ amount_minor, currency: "CNY" });
const PRICE = { sale_id: 3, kind: "room_price", sku_id: 8, price: money(6900), units: 3, left: 2, limit_per_person: 1, starts_at: "2030-01-01T00:00:00Z", ends_at: "2030-01-02T00:00:00Z", state: "running" } as const;
const PRODUCT = { id: 7, name: "Lamp", short_name: "", shop_id: 5, shop_name: "Lamps", price: money(9900), sale_state: { can_buy: true } };
const ROOM = { id: 9, title: "Friday", cover_url: "", state: "scheduled", scheduled_at: null, started_at: null, is_own: false, creator: { id: 2, handle: "lin", display_name: "Lin", display_name_en: "Lin", avatar_url: "", organisation_id: 6 } };
const SKUS = { id: 7, name: "Lamp", skus: [{ id: 8, option_text: "Red", price: money(9900) }] };

function show(page: ReactNode) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <QueryClientProvider client={client}>
      <App>
        <ShopContext value={SHOP as never}>
          <MemoryRouter>{page}</MemoryRouter>
        </ShopContext>
      </App>
    </QueryClientProvider>,
  );
}

/** Opens a choice and takes what stands in it. */
function pick(testId: string, text: string | RegExp) {
  const field = screen.getByTestId(testId);
  fireEvent.mouseDown(field.querySelector(".ant-select-selector, .ant-select-content") ?? field);
  return screen.findAllByText(text).then((found) => fireEvent.click(found.at(-1)!));
}

function desk(room: object): DeskProps {
  return { room: { id: 9, shop_id: 5, state: "live", items: [], ...room }, act: { mutate: vi.fn(), isPending: false, isError: false }, editable: true } as never;
}

describe("prices in rooms", () => {
  it("are listed with what they are, where, and how many went, and given to a room that is chosen", async () => {
    answers.set("/table-layouts", { items: [] });
    answers.set("/shops/5/live-prices", { items: [{ ...PRICE, taken: 1, usual: money(9900), product_id: 7, product_name: "Lamp", picture_url: "", option_text: "Red", room: ROOM }], next_cursor: null });
    answers.set("/shops/5/live-prices/rooms", [{ ...ROOM, items: [{ id: 4, position: 1, product: PRODUCT, prices: [PRICE] }] }]);
    answers.set("/shops/5/products/7", SKUS);
    show(<PricesPage />);
    const row = within(await screen.findByTestId("room-price"));
    for (const text of ["Lamp", "Lin", "Friday", "1 / 3", words.prices.state.running]) expect(row.getAllByText(text).length).toBeGreaterThan(0);
    fireEvent.click(screen.getByTestId("room-price-give"));
    await screen.findByTestId("room-price-room");
    await pick("room-price-room", `Friday · ${words.state.scheduled}`);
    await pick("room-price-item", "1. Lamp");
    await screen.findByText(words.prices.replaces);
    fireEvent.change(await screen.findByTestId("live-price-input"), { target: { value: "59" } });
    fireEvent.click(screen.getByTestId("room-price-confirm"));
    await waitFor(() =>
      expect(asked).toEqual([{ path: "/shops/5/live-rooms/9/items/4/prices", body: { prices: [{ sku_id: 8, price_minor: 5900, units: 10, limit_per_person: 1 }], starts_at: null, ends_at: null } }]),
    );
  });

  it("of another shop's goods are seen by the host and set by that shop", () => {
    const item = { id: 4, product: { ...PRODUCT, shop_id: 6, shop_name: "Tents" }, prices: [PRICE] };
    show(<ItemPrices {...desk({})} item={item as never} />);
    expect(screen.getByTestId("live-price").textContent).toContain("2 of 3 left");
    screen.getByText("Set by the goods' merchant, Tents");
    expect(screen.queryByTestId("live-set-price")).toBeNull();
  });
});

describe("a lucky bag", () => {
  it("holds an option of one's own product, and says what its winners pay", async () => {
    answers.set("/shops/5/products/7", SKUS);
    const props = desk({ items: [{ product: PRODUCT }, { product: { ...PRODUCT, id: 77, name: "Tent", shop_id: 6 } }] });
    show(<LuckyBags {...props} selling={{ bags: [] } as never} onAir />);
    fireEvent.change(screen.getByTestId("live-bag-name"), { target: { value: "Luck" } });
    fireEvent.click(screen.getByText(words.selling.prize_product));
    screen.getByText(words.selling.prize_help);
    await pick("live-bag-product", "Lamp");
    expect(screen.queryByText("Tent")).toBeNull();
    await pick("live-bag-option", /^Red /);
    fireEvent.click(screen.getByTestId("live-bag-open"));
    expect(vi.mocked(props.act.mutate).mock.calls[0]![0]).toEqual({ verb: "post", path: "/lucky-bags", body: { name: "Luck", winner_count: 10, draw_in_s: 300, word: "", watch_s: 0, sku_id: 8 } });
  });
});

describe("a cover", () => {
  it("is shown, replaced and taken away until the show is over", () => {
    const props = desk({ cover_url: "/media/rooms/covers/9/a.webp" });
    const view = show(<DeskCover {...props} />);
    const file = new File(["x"], "b.png", { type: "image/png" });
    fireEvent.change(screen.getByTestId("live-cover-file"), { target: { files: [file] } });
    fireEvent.click(screen.getByTestId("live-cover-remove"));
    expect(vi.mocked(props.act.mutate).mock.calls.map(([step]) => step)).toEqual([
      { verb: "form", path: "/cover", body: file },
      { verb: "remove", path: "/cover" },
    ]);
    view.unmount();
    show(<DeskCover {...desk({ state: "ended", cover_url: "/media/rooms/covers/9/a.webp" })} />);
    expect(screen.getByTestId("live-cover").getAttribute("src")).toBe("/media/rooms/covers/9/a.webp");
    expect(screen.queryByTestId("live-cover-file")).toBeNull();
  });
});
