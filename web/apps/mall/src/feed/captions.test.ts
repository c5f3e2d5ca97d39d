import { expect, it } from "vitest";
import { chooseTrack } from "./captions";

it("takes the reader's language, else the first", () => {
  const tracks = [
    { language: "zh-CN", url: "/zh" },
    { language: "en", url: "/en" },
  ];
  expect(chooseTrack(tracks, "en-GB")?.url).toBe("/en");
  expect(chooseTrack(tracks, "zh-CN")?.url).toBe("/zh");
  expect(chooseTrack(tracks, "de")?.url).toBe("/zh");
  expect(chooseTrack([], "en")).toBeNull();
});
