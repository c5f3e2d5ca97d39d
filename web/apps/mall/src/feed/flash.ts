import type { FeedFlash } from "@xingqu/client";

/** The flash price while it lasts. */
export function flashNow(flash: FeedFlash | undefined, now: number): FeedFlash | null {
  return flash && new Date(flash.ends_at).getTime() > now ? flash : null;
}
