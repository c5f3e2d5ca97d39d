import { describe, expect, it } from "vitest";
import { indexAt, MAX_PLAYERS, playerRole, wantsMore } from "./playerWindow";

describe("player window", () => {
  it("plays one, warms the next two, keeps posters around and nothing far away", () => {
    const roles = Array.from({ length: 12 }, (_, index) => playerRole(index, 5));
    expect(roles).toEqual([
      "absent",
      "absent",
      "absent",
      "poster",
      "poster",
      "active",
      "warm",
      "warm",
      "poster",
      "absent",
      "absent",
      "absent",
    ]);
  });

  it("never has more than three players, wherever it stands", () => {
    for (let active = 0; active < 20; active += 1) {
      const alive = Array.from({ length: 20 }, (_, index) => playerRole(index, active)).filter(
        (role) => role === "active" || role === "warm",
      );
      expect(alive.length).toBeLessThanOrEqual(MAX_PLAYERS);
    }
  });

  it("asks for more when three cards remain", () => {
    expect([0, 1, 2, 3, 4].map((active) => wantsMore(active, 5))).toEqual([false, true, true, true, true]);
    expect(wantsMore(0, 0)).toBe(true);
  });

  it("finds the card under a scroll position", () => {
    expect(indexAt(0, 800, 5)).toBe(0);
    expect(indexAt(399, 800, 5)).toBe(0);
    expect(indexAt(401, 800, 5)).toBe(1);
    expect(indexAt(99_999, 800, 5)).toBe(4);
    expect(indexAt(500, 0, 5)).toBe(0);
  });
});
