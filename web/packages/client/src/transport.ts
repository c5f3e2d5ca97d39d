import { networkError, toApiError } from "./error";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** The CSRF token that the server put into the readable cookie. */
export function readCsrfToken(cookies: string = globalThis.document?.cookie ?? ""): string {
  const match = /(?:^|;\s*)csrftoken=([^;]+)/.exec(cookies);
  return match ? decodeURIComponent(match[1]!) : "";
}

/**
 * fetch with the house's manners: same-origin cookies, the CSRF header on unsafe methods,
 * a failed connection thrown as ApiError "network".
 */
export async function houseFetch(input: Request | string, init?: RequestInit): Promise<Response> {
  const request = new Request(input, { credentials: "same-origin", ...init });
  if (!SAFE.has(request.method)) request.headers.set("X-CSRFToken", readCsrfToken());
  try {
    return await fetch(request);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw networkError(cause);
  }
}

/** For addresses outside the OpenAPI document (sign-in, uploads): JSON in, JSON out, ApiError when refused. */
export async function sendJson<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await houseFetch(new URL(path, globalThis.location.href).href, {
    method,
    headers: { Accept: "application/json", ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const parsed: unknown = await response.json().catch(() => null);
  if (!response.ok) throw toApiError(response.status, parsed);
  return parsed as T;
}
