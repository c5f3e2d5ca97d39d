import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Signal, type SignalPort, SignalQueue } from "./queue";

interface Sent {
  ids: string[];
  keepalive: boolean;
}

function makePort(overrides: Partial<SignalPort> = {}) {
  const sent: Sent[] = [];
  let stored: Signal[] = [];
  let serial = 0;
  const port: SignalPort = {
    send: async (events, { keepalive }) => {
      sent.push({ ids: events.map((event) => event.event_id), keepalive });
    },
    isRetryable: () => true,
    now: () => 1_000,
    newId: () => `e${++serial}`,
    load: () => [],
    store: (events) => {
      stored = [...events];
    },
    ...overrides,
  };
  return { port, sent, stored: () => stored };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("SignalQueue", () => {
  it("batches what happens within a second into one request", async () => {
    const { port, sent } = makePort();
    const queue = new SignalQueue(port);
    queue.track({ kind: "impression", content_id: 1 });
    queue.track({ kind: "dwell", content_id: 1, value_ms: 4000 });
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).toEqual([{ ids: ["e1", "e2"], keepalive: false }]);
    expect(queue.size).toBe(0);
  });

  it("flush sends at once and resolves after the server has it", async () => {
    let release = () => {};
    const { port } = makePort({ send: () => new Promise<void>((resolve) => (release = resolve)) });
    const queue = new SignalQueue(port);
    queue.track({ kind: "like", content_id: 5 });
    let done = false;
    const flushed = queue.flush().then(() => (done = true));
    await Promise.resolve();
    expect(done).toBe(false);
    release();
    await flushed;
    expect(queue.size).toBe(0);
  });

  it("flush waits for a batch that is on its way and then sends the rest", async () => {
    const releases: (() => void)[] = [];
    const batches: string[][] = [];
    const { port } = makePort({
      send: (events) => {
        batches.push(events.map((event) => event.event_id));
        return new Promise<void>((resolve) => releases.push(resolve));
      },
    });
    const queue = new SignalQueue(port);
    queue.track({ kind: "impression", content_id: 1 });
    const first = queue.flush();
    queue.track({ kind: "skip", content_id: 1 });
    const second = queue.flush();
    releases[0]!();
    await vi.advanceTimersByTimeAsync(0);
    releases[1]!();
    await Promise.all([first, second]);
    expect(batches).toEqual([["e1"], ["e2"]]);
  });

  it("sends the same ids again after a failure, and only once more after success", async () => {
    const seen: string[][] = [];
    let failing = true;
    const { port } = makePort({
      send: async (events) => {
        seen.push(events.map((event) => event.event_id));
        if (failing) throw new Error("offline");
      },
    });
    const queue = new SignalQueue(port);
    queue.track({ kind: "save", content_id: 2 });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(queue.size).toBe(1);
    failing = false;
    await vi.advanceTimersByTimeAsync(1_500);
    expect(seen).toEqual([["e1"], ["e1"]]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(seen).toHaveLength(2);
  });

  it("drops a batch that the server refuses for good", async () => {
    const { port } = makePort({
      send: async () => {
        throw new Error("invalid");
      },
      isRetryable: () => false,
    });
    const queue = new SignalQueue(port);
    queue.track({ kind: "like", content_id: 2 });
    await queue.flush();
    expect(queue.size).toBe(0);
  });

  it("never sends more than a hundred at once", async () => {
    const { port, sent } = makePort();
    const queue = new SignalQueue(port);
    for (let count = 0; count < 230; count += 1) queue.track({ kind: "impression", content_id: count + 1 });
    await queue.flush();
    expect(sent.map((batch) => batch.ids.length)).toEqual([100, 100, 30]);
  });

  it("on hide sends with keepalive and keeps a copy until acknowledged", async () => {
    const { port, sent, stored } = makePort();
    const queue = new SignalQueue(port);
    queue.track({ kind: "dwell", content_id: 3, value_ms: 900 });
    queue.flushOnHide();
    expect(stored().map((event) => event.event_id)).toEqual(["e1"]);
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual([{ ids: ["e1"], keepalive: true }]);
    expect(stored()).toEqual([]);
  });

  it("takes up what an earlier page left behind", async () => {
    const left: Signal = { event_id: "old", kind: "share", occurred_at_ms: 1, content_id: 9 };
    const { port, sent } = makePort({ load: () => [left] });
    const queue = new SignalQueue(port);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).toEqual([{ ids: ["old"], keepalive: false }]);
    expect(queue.size).toBe(0);
  });
});
