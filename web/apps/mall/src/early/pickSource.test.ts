import { expect, it } from "vitest";
import { pickSource } from "./pickSource";

it("plays short clips from their file", () => {
  expect(pickSource({ mp4_url: "/a.mp4", hls_url: "/a.m3u8", duration_ms: 9_000 }, false)).toEqual({ kind: "file", url: "/a.mp4" });
});

it("plays long clips by HLS: the browser's own, else hls.js with the file to fall back on", () => {
  const long = { mp4_url: "/a.mp4", hls_url: "/a.m3u8", duration_ms: 90_000 };
  expect(pickSource(long, true)).toEqual({ kind: "file", url: "/a.m3u8" });
  expect(pickSource(long, false)).toEqual({ kind: "hls", url: "/a.m3u8", fallback: "/a.mp4" });
});

it("takes what there is", () => {
  expect(pickSource({ mp4_url: "/a.mp4", hls_url: null, duration_ms: 90_000 }, false)).toEqual({ kind: "file", url: "/a.mp4" });
  expect(pickSource({ mp4_url: null, hls_url: null, duration_ms: 0 }, false)).toBeNull();
});
