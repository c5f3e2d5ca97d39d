import { describe, expect, it } from "vitest";
import { assetIdOf, readRefusal } from "./upload";

describe("uploads", () => {
  it("knows the asset from the upload's address", () => {
    expect(assetIdOf("/api/v1/shops/3/uploads/77")).toBe(77);
    expect(assetIdOf("http://x/api/v1/shops/3/uploads/77/")).toBe(77);
    expect(assetIdOf("http://x/uploads/abc")).toBeNull();
    expect(assetIdOf(null)).toBeNull();
  });

  it("says why an upload was refused", () => {
    expect(readRefusal(422, '{"error":{"code":"not_a_video","message":"No."}}')).toEqual({ code: "not_a_video", message: "No." });
    expect(readRefusal(413, "<html>")).toEqual({ code: "file_too_large", message: "" });
    expect(readRefusal(0, "").code).toBe("network");
    expect(readRefusal(500, "").code).toBe("upload_failed");
  });
});
