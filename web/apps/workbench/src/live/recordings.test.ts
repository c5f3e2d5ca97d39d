import { expect, it } from "vitest";
import { lengthOf, sizeOf } from "./recordings";

it("tells how long and how large", () => {
  expect([0, 61_900, 3_723_000].map(lengthOf)).toEqual(["0:00", "1:01", "1:02:03"]);
  expect([999, 1_500, 12_345_678, 2_700_000_000].map(sizeOf)).toEqual(["999 B", "1.5 kB", "12 MB", "2.7 GB"]);
});
