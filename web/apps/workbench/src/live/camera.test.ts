import { expect, it } from "vitest";
import { chooseMime, nextTry } from "./camera";

it("asks for H.264 where there is any", () => {
  expect(chooseMime(() => true)).toBe("video/webm;codecs=h264,opus");
  expect(chooseMime((mime) => mime.startsWith("video/mp4"))).toBe("video/mp4;codecs=avc1.42E01F,mp4a.40.2");
  expect(chooseMime((mime) => mime.includes("vp8"))).toBe("video/webm;codecs=vp8,opus");
  expect(chooseMime(() => false)).toBeNull();
});

it("takes a broken line up again, and gives up where that is of no use", () => {
  expect([0, 1, 2, 5].map((tries) => nextTry("line", tries))).toEqual([1_000, 2_000, 4_000, 10_000]);
  expect(nextTry("line", 8)).toBeNull();
  expect(["unknown_key", "already_publishing", "stopped"].map((reason) => nextTry(reason, 0))).toEqual([null, null, null]);
});
