import type { SignalInput, SignalSurface } from "./queue";

/** What a card's signals all carry. */
export interface WatchContext {
  content_id: number;
  creator_id: number;
  product_id?: number;
  request_id?: string;
  position: number;
  surface: SignalSurface;
}

/** Watched this share of the clip (or all pictures): that counts as completed. */
const COMPLETE_SHARE = 0.92;
/** Left sooner than this without finishing: skipped. */
export const SKIP_BELOW_MS = 2_500;
/** Shorter looks are swiping past, not watching. */
const SHORTEST_DWELL_MS = 150;
const LONGEST_DWELL_MS = 600_000;

/**
 * Follows one look at one card: impression when it settles, completion once,
 * then dwell (time the card was in view, pauses of the page taken out) and skip when it is left.
 */
export class Watch {
  private seenMs = 0;
  private since: number | null;
  private completed = false;
  private ended = false;

  constructor(
    private readonly context: WatchContext,
    private readonly track: (signal: SignalInput) => void,
    private readonly now: () => number,
  ) {
    this.since = now();
    track({ kind: "impression", ...context });
  }

  /** The page was hidden or came back; hidden time is no dwell. */
  setVisible(visible: boolean): void {
    if (visible) this.since ??= this.now();
    else this.collect();
  }

  /** How far the clip or the picture set has been seen, 0..1. */
  progress(share: number): void {
    if (this.completed || this.ended || share < COMPLETE_SHARE) return;
    this.completed = true;
    this.track({ kind: "completion", ...this.context });
  }

  /** The card is left. Further calls do nothing. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.collect();
    const value = Math.min(LONGEST_DWELL_MS, Math.round(this.seenMs));
    if (value >= SHORTEST_DWELL_MS) this.track({ kind: "dwell", ...this.context, value_ms: value });
    if (value < SKIP_BELOW_MS && !this.completed) this.track({ kind: "skip", ...this.context });
  }

  private collect(): void {
    if (this.since === null) return;
    this.seenMs += this.now() - this.since;
    this.since = null;
  }
}
