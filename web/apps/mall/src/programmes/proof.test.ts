import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { solve } from "./proof";

it("finds a nonce whose hash begins with the zero bits asked for", async () => {
  const nonce = await solve("challenge", 10);
  const digest = createHash("sha256").update(`challenge:${nonce}`).digest();
  expect(digest.readUInt16BE(0) >> 6).toBe(0);
});
