import { describe, expect, it } from "vitest";
import type { SignalInput } from "./queue";
import { Watch } from "./watch";

const context = { content_id: 7, creator_id: 3, request_id: "r1", position: 2, surface: "for_you" } as const;

function start() {
  const sent: SignalInput[] = [];
  let now = 0;
  const watch = new Watch(context, (signal) => sent.push(signal), () => now);
  return { sent, watch, pass: (ms: number) => (now += ms), kinds: () => sent.map((signal) => signal.kind) };
}

describe("Watch", () => {
  it("tells impression at once and dwell when left", () => {
    const { sent, watch, pass } = start();
    expect(sent).toEqual([{ kind: "impression", ...context }]);
    pass(8_000);
    watch.end();
    expect(sent.slice(1)).toEqual([{ kind: "dwell", ...context, value_ms: 8_000 }]);
  });

  it("leaves hidden time out", () => {
    const { sent, watch, pass } = start();
    pass(3_000);
    watch.setVisible(false);
    pass(60_000);
    watch.setVisible(true);
    pass(1_000);
    watch.end();
    expect(sent.at(-1)).toMatchObject({ kind: "dwell", value_ms: 4_000 });
  });

  it("calls a short look a skip, unless the clip was finished", () => {
    const short = start();
    short.pass(900);
    short.watch.end();
    expect(short.kinds()).toEqual(["impression", "dwell", "skip"]);
    const finished = start();
    finished.pass(900);
    finished.watch.progress(1);
    finished.watch.end();
    expect(finished.kinds()).toEqual(["impression", "completion", "dwell"]);
  });

  it("tells completion once and ends once", () => {
    const { kinds, watch, pass } = start();
    pass(6_000);
    watch.progress(0.5);
    watch.progress(0.95);
    watch.progress(1);
    watch.end();
    watch.end();
    expect(kinds()).toEqual(["impression", "completion", "dwell"]);
  });

  it("a card that was only swiped past has no dwell", () => {
    const { kinds, watch, pass } = start();
    pass(80);
    watch.end();
    expect(kinds()).toEqual(["impression", "skip"]);
  });
});
