import type { ContentCard, FeedPage } from "@xingqu/client";
import { pickSource, playsHlsNatively } from "./pickSource";

/** Small pages, so that what happened on the last cards shapes the next ones. */
export const FEED_PAGE_SIZE = 5;
/** Where the signal queue keeps what the server doesn't have yet. */
export const SIGNALS_KEY = "xq.signals";

interface FirstLook {
  contentId: number;
  video: HTMLVideoElement | null;
  cover: HTMLElement;
}

const asked = new Map<string, Promise<unknown>>();
let look: FirstLook | null = null;
let over = false;

export const contentPath = (contentId: number) => `/api/v1/contents/${contentId}`;
export const feedPath = (surface: string) => `/api/v1/feed?surface=${surface}&size=${FEED_PAGE_SIZE}`;

/**
 * Asks for the data of the page that is being opened and, as soon as they are known, for its first picture and clip.
 * The application takes them over; what fails here, it asks for again with its own manners.
 */
export function askForFirstScreen(place: Pick<Location, "pathname" | "search">): void {
  const content = /^\/content\/(\d{1,15})\/?$/.exec(place.pathname);
  if (content) {
    void ask<ContentCard>(contentPath(Number(content[1]))).then(show);
    return;
  }
  // the first page waits for the signals before it: what was left over from the last visit goes first
  if (place.pathname !== "/" || signalsWait()) return;
  const surface = new URLSearchParams(place.search).get("tab") === "following" ? "following" : "for_you";
  void ask<FeedPage>(feedPath(surface)).then((page) => show(page?.items[0]?.content ?? null));
}

/** The answer that was asked for at `path`, once; null when it was not, or did not come. */
export async function takeAnswer<T>(path: string): Promise<T | null> {
  const answer = asked.get(path);
  asked.delete(path);
  return ((await answer) as T | null | undefined) ?? null;
}

/** The video element that already loads this clip, once; null when there is none. */
export function takeVideo(contentId: number): HTMLVideoElement | null {
  const video = look?.contentId === contentId ? look.video : null;
  if (look && video) look.video = null;
  return video;
}

/** The application shows the first card itself now. */
export function endFirstLook(): void {
  over = true;
  look?.cover.remove();
  look?.video?.removeAttribute("src");
  look = null;
}

function ask<T>(path: string): Promise<T | null> {
  const answer = fetch(path, { credentials: "same-origin" })
    .then((response) => (response.ok ? (response.json() as Promise<T>) : null))
    .catch(() => null);
  asked.set(path, answer);
  return answer;
}

function show(card: ContentCard | null): void {
  if (!card || over) return;
  const cover = document.createElement("div");
  cover.className = "first-look";
  cover.setAttribute("aria-hidden", "true");
  const picture = document.createElement("img");
  picture.alt = "";
  picture.src = card.pictures[0]?.url ?? card.poster_url;
  cover.append(picture);
  const video = card.kind === "video" ? openVideo(card) : null;
  if (video) cover.append(video);
  document.body.append(cover);
  look = { contentId: card.id, video, cover };
}

/** A player that fetches the first frame and no more: the application needs the line, too. */
function openVideo(card: ContentCard): HTMLVideoElement | null {
  const video = document.createElement("video");
  const source = pickSource(card, playsHlsNatively(video));
  if (source?.kind !== "file") return null;
  video.muted = true;
  video.playsInline = true;
  video.preload = "metadata";
  video.src = source.url;
  return video;
}

function signalsWait(): boolean {
  try {
    const text = globalThis.localStorage.getItem(SIGNALS_KEY);
    return text !== null && text !== "[]";
  } catch {
    return false;
  }
}
