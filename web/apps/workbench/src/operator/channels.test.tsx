import { cleanup, configure, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { startI18n } from "@xingqu/i18n";
import { App } from "antd";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { ChannelFigures } from "../api/types";
import { texts } from "../i18n/texts";
import { en as words } from "./texts-en";
import ChannelsPage from "./ChannelsPage";
import { byWorth } from "./channels";

let answer: { status: number; body: unknown };

vi.mock("@xingqu/client", async (original) => ({
  ...(await original<object>()),
  houseFetch: async () => new Response(JSON.stringify(answer.body), { status: answer.status, headers: { "content-type": "application/json" } }),
}));

vi.setConfig({ testTimeout: 60_000 });
configure({ asyncUtilTimeout: 20_000 });

beforeAll(() => {
  localStorage.setItem("xq.language", "en");
  startI18n({ workbench: texts });
});
afterEach(cleanup);

const figures = (channel: ChannelFigures["channel"], row: Partial<ChannelFigures>): ChannelFigures => ({
  channel,
  pages: 10,
  candidates: 100,
  took_p50_us: 1_234,
  took_p99_us: 5_678,
  shown: 30,
  recall: {},
  unique: {},
  ...row,
});

function show() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <QueryClientProvider client={client}>
      <App>
        <ChannelsPage />
      </App>
    </QueryClientProvider>,
  );
}

const settings = { sample_share: 0.05, sample_gap_s: 10, every_s: 3600 };

describe("what each channel is worth", () => {
  it("puts first what finds most alone, then what finds most", () => {
    const rows = [figures("popular", { recall: { any: 0.5 }, unique: { any: 0.1 } }), figures("taste", { recall: { any: 0.4 }, unique: { any: 0.2 } }), figures("due", { candidates: 3 }), figures("covisit", { recall: { any: 0.6 }, unique: { any: 0.1 } })];
    expect(byWorth(rows, "any").map((row) => row.channel)).toEqual(["taste", "covisit", "popular", "due"]);
    expect(byWorth(rows, "bought").map((row) => row.channel)).toEqual(["popular", "taste", "covisit", "due"]);
  });

  it("tells the figures of each outcome, and what they mean", async () => {
    const report = {
      made_at: "2026-11-20T10:00:00Z",
      first_at: "2026-11-19T10:00:00Z",
      last_at: "2026-11-20T09:00:00Z",
      pages: 1234,
      people: 56,
      positives: { any: 80, watched: 80, clicked: 0, bought: 0, beyond: 40 },
      channels: [figures("taste", { recall: { any: 0.4, beyond: 0.25 }, unique: { any: 0.2, beyond: 0.125 } }), figures("popular", { recall: { any: 0.1, beyond: 0.5 }, unique: { any: 0, beyond: 0.5 } })],
    };
    answer = { status: 200, body: { report, ...settings } };
    show();
    expect(await screen.findByText("1,234 pages of 56 people")).toBeTruthy();
    const cells = () => within(screen.getAllByRole("table").at(-1) as HTMLElement).getAllByRole("row").slice(1).map((row) => [...row.children].map((cell) => cell.textContent));
    expect(cells()[0]).toEqual(["Taste model", "100", "10", "1.23 ms", "5.68 ms", "30", "40%", "20%"]);
    fireEvent.click(screen.getByText("Not on that page"));
    await waitFor(() => expect(cells()[0]?.slice(0, 1)).toEqual(["Popular"]));
    fireEvent.click(screen.getByText("Bought"));
    expect(await screen.findByText(words.channels.nothing)).toBeTruthy();
    expect(cells()[0]?.slice(-2)).toEqual(["–", "–"]);
    expect(screen.getByText(words.channels.terms.unique[1] as string)).toBeTruthy();
  });

  it("says how it comes about when there is none, and offers to try again when it cannot be read", async () => {
    answer = { status: 200, body: { report: null, ...settings } };
    const { unmount } = show();
    expect((await screen.findByTestId("channels-none")).textContent).toContain("every 60 minutes");
    unmount();
    answer = { status: 500, body: { error: { code: "internal", message: "No." } } };
    show();
    await waitFor(() => expect(screen.getByTestId("error-view")).toBeTruthy());
  });
});
