import { readStored, writeStored } from "../kit/storage";

const STORAGE_KEY = "xq.searches";
const KEEP = 10;

export function readHistory(): string[] {
  return readStored<string[]>(STORAGE_KEY, []).filter((text) => typeof text === "string");
}

export function remember(text: string): void {
  writeStored(STORAGE_KEY, [text, ...readHistory().filter((other) => other !== text)].slice(0, KEEP));
}

export function forgetHistory(): void {
  writeStored(STORAGE_KEY, []);
}
