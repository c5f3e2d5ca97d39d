import { api, type ContentCard, type ContentCounts, type CreatorCard, unwrap } from "@xingqu/client";
import { useSyncExternalStore } from "react";

/** What the person did to a piece of content on this page, laid over what lists have cached. */
interface Overlay {
  liked?: boolean;
  saved?: boolean;
  counts?: ContentCounts;
}

const contents = new Map<number, Overlay>();
const follows = new Map<number, boolean>();
const listeners = new Set<() => void>();
let version = 0;

function publish(): void {
  version += 1;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Forgets everything, when another person signs in. */
export function resetEngagement(): void {
  contents.clear();
  follows.clear();
  publish();
}

export interface Engagement {
  liked: boolean;
  saved: boolean;
  counts: ContentCounts;
}

/** A card's like, save and counts as they stand now, whichever list it came from. */
export function useEngagement(card: ContentCard): Engagement {
  useSyncExternalStore(subscribe, () => version);
  return engagementOf(card);
}

function engagementOf(card: ContentCard): Engagement {
  const over = contents.get(card.id);
  return { liked: over?.liked ?? card.viewer.liked, saved: over?.saved ?? card.viewer.saved, counts: over?.counts ?? card.counts };
}

export function useFollowed(creator: Pick<CreatorCard, "id" | "followed">): boolean {
  useSyncExternalStore(subscribe, () => version);
  return follows.get(creator.id) ?? creator.followed;
}

async function toggle(
  card: ContentCard,
  field: "liked" | "saved",
  wanted: boolean,
  call: () => Promise<{ counts: ContentCounts }>,
): Promise<void> {
  const before = engagementOf(card);
  if (before[field] === wanted) return;
  const counter = field === "liked" ? "likes" : "saves";
  const counts = { ...before.counts, [counter]: Math.max(0, before.counts[counter] + (wanted ? 1 : -1)) };
  contents.set(card.id, { ...contents.get(card.id), [field]: wanted, counts });
  publish();
  try {
    const answer = await call();
    contents.set(card.id, { ...contents.get(card.id), counts: answer.counts });
  } catch (error) {
    contents.set(card.id, before);
    throw error;
  } finally {
    publish();
  }
}

const path = (id: number) => ({ params: { path: { content_id: id } } });

/** Shown at once, taken back when the server refuses. */
export function setLiked(card: ContentCard, liked: boolean): Promise<void> {
  return toggle(card, "liked", liked, () =>
    liked ? unwrap(api.PUT("/api/v1/contents/{content_id}/like", path(card.id))) : unwrap(api.DELETE("/api/v1/contents/{content_id}/like", path(card.id))),
  );
}

export function setSaved(card: ContentCard, saved: boolean): Promise<void> {
  return toggle(card, "saved", saved, () =>
    saved ? unwrap(api.PUT("/api/v1/contents/{content_id}/save", path(card.id))) : unwrap(api.DELETE("/api/v1/contents/{content_id}/save", path(card.id))),
  );
}

export async function setFollowed(creator: Pick<CreatorCard, "id" | "followed">, followed: boolean): Promise<number> {
  const before = follows.get(creator.id) ?? creator.followed;
  follows.set(creator.id, followed);
  publish();
  const where = { params: { path: { creator_id: creator.id } } };
  try {
    const answer = followed
      ? await unwrap(api.PUT("/api/v1/creators/{creator_id}/follow", where))
      : await unwrap(api.DELETE("/api/v1/creators/{creator_id}/follow", where));
    return answer.followers;
  } catch (error) {
    follows.set(creator.id, before);
    publish();
    throw error;
  }
}

/** One more comment (or one fewer) on a card. */
export function addComments(card: ContentCard, change: number): void {
  const { counts } = engagementOf(card);
  contents.set(card.id, { ...contents.get(card.id), counts: { ...counts, comments: Math.max(0, counts.comments + change) } });
  publish();
}

/** Counts the share and gives the address to pass on. */
export async function shareContent(card: ContentCard): Promise<string> {
  const answer = await unwrap(api.POST("/api/v1/contents/{content_id}/share", path(card.id)));
  contents.set(card.id, { ...contents.get(card.id), counts: answer.counts });
  publish();
  return answer.share_url;
}
