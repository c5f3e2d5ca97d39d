import { cleanup, configure, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { startI18n } from "@xingqu/i18n";
import { App } from "antd";
import type { ReactNode } from "react";
import { MemoryRouter, Route, Routes } from "react-router";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Slot, Training } from "../api/types";
import { texts } from "../i18n/texts";
import { en as words } from "./texts-en";
import PeoplePage from "./PeoplePage";
import { SlotCard } from "./SlotCard";
import TrainingsPage from "./TrainingsPage";

const answers = new Map<string, { status: number; body: unknown }>();
const asked: { path: string; body: unknown }[] = [];

vi.mock("@xingqu/client", async (original) => ({
  ...(await original<object>()),
  houseFetch: async (address: string, options: RequestInit) => {
    const path = new URL(address).pathname.replace("/api/v1", "");
    asked.push({ path, body: typeof options.body === "string" ? JSON.parse(options.body) : null });
    const { status, body } = answers.get(path) ?? { status: 404, body: { error: { code: "not_found", message: "Not found." } } };
    return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
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

function show(page: ReactNode) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <QueryClientProvider client={client}>
      <App>
        <MemoryRouter initialEntries={["/"]}>
          <Routes>
            <Route path="/" element={page} />
            <Route path="/operator/people/:lookupId" element={<p>opened</p>} />
          </Routes>
        </MemoryRouter>
      </App>
    </QueryClientProvider>,
  );
}

describe("looking at a person", () => {
  it("asks nothing of the server without a reason, and tells it the reason otherwise", async () => {
    answers.set("/operator/people/search", { status: 200, body: { items: [{ actor_key: "p7", display_name: "Lin", email: "lin@example.test", joined_at: "2026-01-02T00:00:00Z" }] } });
    answers.set("/operator/lookups", { status: 200, body: { id: 12, actor_key: "p7", display_name: "Lin", reason: "ticket 2031", open_until: "2026-01-02T00:00:00Z" } });
    show(<PeoplePage />);
    fireEvent.change(screen.getByTestId("people-query"), { target: { value: "Lin" } });
    fireEvent.click(screen.getByTestId("people-search"));
    await screen.findByText(words.people.reason_missing);
    expect(asked).toEqual([]);
    fireEvent.change(screen.getByTestId("people-reason"), { target: { value: "ticket 2031" } });
    fireEvent.click(screen.getByTestId("people-search"));
    fireEvent.click(await screen.findByTestId("people-open"));
    await screen.findByText("opened");
    expect(asked).toEqual([
      { path: "/operator/people/search", body: { query: "Lin", reason: "ticket 2031" } },
      { path: "/operator/lookups", body: { actor_key: "p7", reason: "ticket 2031" } },
    ]);
  });

  it("says so when nobody is found", async () => {
    answers.set("/operator/people/search", { status: 200, body: { items: [] } });
    show(<PeoplePage />);
    fireEvent.change(screen.getByTestId("people-query"), { target: { value: "nobody" } });
    fireEvent.change(screen.getByTestId("people-reason"), { target: { value: "ticket 2031" } });
    fireEvent.click(screen.getByTestId("people-search"));
    await screen.findByTestId("people-none");
  });
});

const SLOT: Slot = {
  content_id: 5,
  channel: "taste",
  brought_by: ["taste", "popular"],
  predictions: { watch: 0.6, like: 0.1 },
  steps: [
    { step: "value", value: 0.5 },
    { step: "exposure", value: 0.5 },
    { step: "diversity", value: 0.2 },
  ],
  position: 0,
  how: "ranked",
  propensity: 1,
  features: { taste: -0.3 },
  rules_given_up: ["seller"],
  passed_over: { content_id: 6, why: "spacing", value: 0.9, value_here: 0.9, steps: [], comes_later: true },
  filtered: null,
};

describe("one position of a page", () => {
  it("tells in words what each step did, what gave way and what was preferred to", () => {
    show(<SlotCard slot={SLOT} briefs={new Map()} reasons={[]} spare={false} />);
    const steps = within(screen.getByRole("list", { name: words.slot.steps }));
    expect(steps.getAllByRole("listitem").map((line) => line.textContent)).toEqual(["Predicted value0.5", "Like what stands above−0.3", "Value at this position0.2"]);
    expect(screen.getByText(/these gave way: distance of one seller/)).toBeTruthy();
    expect(screen.getByText(/may not stand here/)).toBeTruthy();
    expect(screen.getByText(words.rival.later)).toBeTruthy();
  });
});

const training = (row: Partial<Training>): Training => ({
  id: 1,
  kind: "taste",
  state: "adopted",
  why: "no_worse",
  anew: false,
  started_at: "2026-11-20T10:00:00Z",
  finished_at: "2026-11-20T10:00:09Z",
  wall_ms: 9_000,
  processor_ms: 8_000,
  events: 2_100,
  people: 300,
  examples: 4_000,
  metric: "ndcg_at_10",
  cases: 250,
  before: 0.08,
  after: 0.09,
  snapshot_version: 3,
  detail: {},
  ...row,
});

const CURVE = "Held-out NDCG@10";

describe("the book of trainings", () => {
  it("plots figures, gives them as a table, and says why one was not adopted", async () => {
    const rejected = training({ id: 2, state: "rejected", why: "worse_than_served", after: 0.07, started_at: "2026-11-21T10:00:00Z", snapshot_version: null });
    answers.set("/operator/trainings", { status: 200, body: { items: [rejected, training({})], serving: ["taste"], next_cursor: null } });
    show(<TrainingsPage />);
    await screen.findByRole("img", { name: CURVE });
    const table = screen.getByRole("table", { name: CURVE });
    expect(within(table).getAllByRole("row").map((row) => [...row.children].slice(1).map((cell) => cell.textContent))).toEqual([
      ["Newly trained", "Serving then"],
      ["0.09", "0.08"],
      ["0.07", "0.08"],
    ]);
    expect(screen.getByText(words.training.why.worse_than_served)).toBeTruthy();
  });

  it("says what to do when nothing was trained, and offers to try again when it cannot be read", async () => {
    answers.set("/operator/trainings", { status: 200, body: { items: [], serving: [], next_cursor: null } });
    const { unmount } = show(<TrainingsPage />);
    await screen.findByTestId("trainings-none");
    unmount();
    answers.clear();
    show(<TrainingsPage />);
    await waitFor(() => expect(screen.getByTestId("error-view")).toBeTruthy());
  });
});
