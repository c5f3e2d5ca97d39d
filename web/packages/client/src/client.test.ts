import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiError, toApiError } from "./error";
import { houseFetch, readCsrfToken, sendJson } from "./transport";

afterEach(() => vi.unstubAllGlobals());

describe("ApiError", () => {
  it("carries what the server said", () => {
    const error = toApiError(409, {
      error: { code: "sold_out", message: "Sold out.", field: "quantity", expected: "at most 2", data: { skus: [7] } },
    });
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: "sold_out", status: 409, field: "quantity", expected: "at most 2" });
    expect(error.data).toEqual({ skus: [7] });
    expect(error.retryable).toBe(false);
  });

  it("makes sense of bodies that aren't ours", () => {
    expect(toApiError(502, null)).toMatchObject({ code: "server_error", retryable: true });
    expect(toApiError(404, "<html>")).toMatchObject({ code: "not_found" });
  });
});

describe("houseFetch", () => {
  it("sends the CSRF token on unsafe calls only", async () => {
    document.cookie = "csrftoken=abc123";
    const seen: Request[] = [];
    vi.stubGlobal("fetch", async (request: Request) => {
      seen.push(request);
      return new Response("{}");
    });
    await houseFetch("http://localhost/x");
    await houseFetch("http://localhost/x", { method: "POST" });
    expect(seen.map((request) => request.headers.get("X-CSRFToken"))).toEqual([null, "abc123"]);
    expect(readCsrfToken("a=1; csrftoken=z%3D9")).toBe("z=9");
  });

  it("throws a network error when the connection fails", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("failed");
    });
    await expect(sendJson("GET", "http://localhost/x")).rejects.toMatchObject({ code: "network", status: 0 });
  });
});
