import { expect, it } from "vitest";
import { cuesFrom, draftsFrom, nextDraft } from "./cue-drafts";

const cues = [
  { start_ms: 500, end_ms: 2000, text: "one" },
  { start_ms: 62_500, end_ms: 64_000, text: "two" },
];

it("shows captions and reads them again", () => {
  expect(draftsFrom(cues).map((row) => [row.from, row.to])).toEqual([
    ["0.5", "2"],
    ["1:02.5", "1:04"],
  ]);
  expect(cuesFrom(draftsFrom(cues))).toEqual(cues);
});

it("leaves out empty rows and refuses times that are none", () => {
  expect(cuesFrom([{ key: 0, from: "x", to: "", text: " " }])).toEqual([]);
  expect(cuesFrom([{ key: 0, from: "2", to: "2", text: "a" }])).toBeNull();
  expect(cuesFrom([{ key: 0, from: "x", to: "2", text: "a" }])).toBeNull();
});

it("goes on after the last one, or where the preview stands", () => {
  expect(nextDraft([], 0)).toEqual({ key: 0, from: "0", to: "2", text: "" });
  expect(nextDraft(draftsFrom(cues), 1000)).toEqual({ key: 2, from: "1:04", to: "1:06", text: "" });
  expect(nextDraft(draftsFrom(cues).slice(0, 1), 3040).from).toBe("3");
});
