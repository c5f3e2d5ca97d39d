import { describe, expect, it } from "vitest";
import { changesOf, likeliest } from "./changes";

describe("changes of a value", () => {
  it("tell what each step did and leave out those that did nothing", () => {
    const steps = [
      { step: "value", value: 0.5 },
      { step: "exposure", value: 0.5 },
      { step: "commerce", value: 0.75 },
      { step: "diversity", value: 0.25 },
    ];
    expect(changesOf(steps)).toEqual([
      { step: "value", value: 0.5, by: null },
      { step: "commerce", value: 0.75, by: 0.25 },
      { step: "diversity", value: 0.25, by: -0.5 },
    ]);
  });

  it("are none of no steps", () => {
    expect(changesOf([])).toEqual([]);
  });
});

it("the likeliest outcomes come first", () => {
  expect(likeliest({ like: 0.1, watch: 0.6, order: 0.01 }, 2)).toEqual([
    ["watch", 0.6],
    ["like", 0.1],
  ]);
});
