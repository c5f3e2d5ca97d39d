import type { SignalEvent } from "@xingqu/client";

export type Signal = SignalEvent;
export type SignalKind = Signal["kind"];
export type SignalSurface = NonNullable<Signal["surface"]>;
export type SignalInput = Omit<Signal, "event_id" | "occurred_at_ms"> & { occurred_at_ms?: number };

export interface SignalPort {
  /** Sends one batch; resolves when the server has it. */
  send: (events: Signal[], options: { keepalive: boolean }) => Promise<void>;
  /** Whether a failed batch may be sent again (the connection failed, the server was down). */
  isRetryable: (error: unknown) => boolean;
  now: () => number;
  newId: () => string;
  load: () => Signal[];
  store: (events: Signal[]) => void;
}

export const MAX_BATCH = 100;
/** keepalive requests may carry 64 kB in all; this many events stay well below. */
export const MAX_KEEPALIVE = 100;
const FLUSH_AFTER_MS = 700;
const MAX_WAITING = 500;
const BACKOFF_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

/**
 * Collects behaviour signals and sends them in batches: within a second, at once when asked,
 * and again with the same event ids after a failure (the server drops what it already has).
 */
export class SignalQueue {
  private waiting: Signal[] = [];
  private sending: Promise<boolean> | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private failures = 0;

  constructor(private readonly port: SignalPort) {
    this.waiting = port.load();
    if (this.waiting.length > 0) this.schedule(FLUSH_AFTER_MS);
  }

  /** Takes a signal; the time it happened is now unless given. */
  track(input: SignalInput): void {
    this.waiting.push({ ...input, event_id: this.port.newId(), occurred_at_ms: input.occurred_at_ms ?? this.port.now() });
    if (this.waiting.length > MAX_WAITING) this.waiting = this.waiting.slice(-MAX_WAITING);
    this.schedule(this.waiting.length >= MAX_BATCH ? 0 : FLUSH_AFTER_MS);
  }

  /** Sends all that wait, now. Resolves when the server has them or a try has failed; never rejects. */
  async flush(): Promise<void> {
    this.unschedule();
    while (this.waiting.length > 0) {
      // one batch at a time: a second caller waits for the one on its way
      this.sending ??= this.sendOne().finally(() => {
        this.sending = null;
      });
      if (!(await this.sending)) return;
    }
  }

  /** The page is going away: send with keepalive and keep a copy, in case that doesn't arrive. */
  flushOnHide(): void {
    this.port.store(this.waiting);
    if (this.waiting.length === 0) return;
    const batch = this.waiting.slice(0, MAX_KEEPALIVE);
    this.port.send(batch, { keepalive: true }).then(
      () => {
        this.forget(batch);
        this.port.store(this.waiting);
      },
      () => this.schedule(this.backoffMs()),
    );
  }

  /** How many signals still wait to be acknowledged. */
  get size(): number {
    return this.waiting.length;
  }

  private async sendOne(): Promise<boolean> {
    const batch = this.waiting.slice(0, MAX_BATCH);
    try {
      await this.port.send(batch, { keepalive: false });
    } catch (error) {
      if (this.port.isRetryable(error)) {
        this.failures += 1;
        this.schedule(this.backoffMs());
        return false;
      }
      // refused for good: sending it again would only be refused again
    }
    this.failures = 0;
    this.forget(batch);
    return true;
  }

  private forget(batch: Signal[]): void {
    const done = new Set(batch.map((event) => event.event_id));
    this.waiting = this.waiting.filter((event) => !done.has(event.event_id));
  }

  private backoffMs(): number {
    return BACKOFF_MS[Math.min(this.failures, BACKOFF_MS.length) - 1] ?? BACKOFF_MS[0]!;
  }

  private schedule(afterMs: number): void {
    if (this.timer !== null) {
      if (afterMs > 0) return;
      this.unschedule();
    }
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.flush();
    }, afterMs);
  }

  private unschedule(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
