import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { askForFirstScreen, contentPath, endFirstLook, feedPath, SIGNALS_KEY, takeAnswer, takeVideo } from "./firstLook";

const CLIP = { id: 7, kind: "video", mp4_url: "/media/7.mp4", hls_url: null, duration_ms: 8_000, poster_url: "/media/7.webp", pictures: [] };

function answerWith(body: unknown, status = 200) {
  const fetcher = vi.fn((_path: string, _options?: RequestInit) => Promise.resolve(new Response(JSON.stringify(body), { status })));
  vi.stubGlobal("fetch", fetcher);
  return fetcher;
}
const place = (pathname: string, search = "") => ({ pathname, search });
const cover = () => document.querySelector(".first-look");

beforeEach(() => {
  vi.resetModules();
  localStorage.clear();
  document.body.innerHTML = "";
});
afterEach(() => vi.unstubAllGlobals());

async function fresh() {
  return (await import("./firstLook")) as { askForFirstScreen: typeof askForFirstScreen; endFirstLook: typeof endFirstLook; takeAnswer: typeof takeAnswer; takeVideo: typeof takeVideo };
}

it("asks for a shared clip, shows its poster and hands over answer and player once", async () => {
  const fetcher = answerWith(CLIP);
  const first = await fresh();
  first.askForFirstScreen(place("/content/7"));
  await vi.waitFor(() => expect(cover()?.querySelector("img")?.getAttribute("src")).toBe("/media/7.webp"));
  expect(fetcher.mock.calls.map((call) => call[0])).toEqual([contentPath(7)]);
  expect(await first.takeAnswer(contentPath(7))).toEqual(CLIP);
  expect(await first.takeAnswer(contentPath(7))).toBeNull();
  expect(first.takeVideo(8)).toBeNull();
  const video = first.takeVideo(7);
  expect([video?.getAttribute("src"), video?.preload, video?.muted]).toEqual(["/media/7.mp4", "metadata", true]);
  expect(first.takeVideo(7)).toBeNull();
  first.endFirstLook();
  expect(cover()).toBeNull();
});

it("asks for the feed's first page on the surface that is opened", async () => {
  const fetcher = answerWith({ items: [{ content: { ...CLIP, kind: "picture", pictures: [{ url: "/media/p.webp" }] } }] });
  const first = await fresh();
  first.askForFirstScreen(place("/", "?tab=following"));
  await vi.waitFor(() => expect(cover()?.querySelector("img")?.getAttribute("src")).toBe("/media/p.webp"));
  expect(fetcher.mock.calls[0]![0]).toBe(feedPath("following"));
  expect(cover()?.querySelector("video")).toBeNull();
});

it("lets signals of the last visit go before the feed, and asks nothing on other pages", async () => {
  const fetcher = answerWith({ items: [] });
  const first = await fresh();
  localStorage.setItem(SIGNALS_KEY, '[{"kind":"like"}]');
  first.askForFirstScreen(place("/"));
  first.askForFirstScreen(place("/cart"));
  first.askForFirstScreen(place("/content/abc"));
  expect(fetcher).not.toHaveBeenCalled();
  expect(await first.takeAnswer(feedPath("for_you"))).toBeNull();
});

it("leaves a refusal to the application", async () => {
  answerWith({ error: { code: "not_found" } }, 404);
  const first = await fresh();
  first.askForFirstScreen(place("/content/7"));
  expect(await first.takeAnswer(contentPath(7))).toBeNull();
  expect(cover()).toBeNull();
});
