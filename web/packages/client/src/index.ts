import createClient from "openapi-fetch";
import { toApiError } from "./error";
import type { paths } from "./schema";
import { houseFetch } from "./transport";

export * from "./error";
export * from "./notices";
export * from "./transport";
export type * from "./types";
export type { components, operations, paths } from "./schema";

/** The typed API client; addresses and shapes come from the server's OpenAPI document. */
export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "http://localhost",
  fetch: (request) => houseFetch(request),
});

/** Turns openapi-fetch's answer into the value itself, or throws ApiError. */
export async function unwrap<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw toApiError(response.status, error);
  return data as T;
}
