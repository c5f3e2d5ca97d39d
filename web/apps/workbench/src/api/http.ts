import { houseFetch, toApiError } from "@xingqu/client";

/** One door to the server: JSON in and out, every refusal an ApiError. */

export const API_ROOT = "/api/v1";

export type Query = Record<string, string | number | boolean | null | undefined>;

export function apiAddress(path: string, query?: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") params.set(name, String(value));
  }
  const text = params.toString();
  return `${API_ROOT}${path}${text ? `?${text}` : ""}`;
}

interface RequestOptions {
  query?: Query;
  body?: unknown;
  form?: FormData;
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const json = options.body !== undefined;
  const response = await houseFetch(new URL(apiAddress(path, options.query), location.href).href, {
    method,
    headers: { Accept: "application/json", ...(json ? { "Content-Type": "application/json" } : {}), ...options.headers },
    body: options.form ?? (json ? JSON.stringify(options.body) : null),
    signal: options.signal ?? null,
  });
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  const body: unknown = isJson ? await response.json().catch(() => null) : await response.text();
  if (!response.ok) throw toApiError(response.status, body);
  return (response.status === 204 ? undefined : body) as T;
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal) =>
  request<T>("GET", path, { query: query ?? {}, ...(signal ? { signal } : {}) });
export const post = <T>(path: string, body?: unknown) => request<T>("POST", path, { body: body ?? {} });
export const put = <T>(path: string, body: unknown) => request<T>("PUT", path, { body });
export const patch = <T>(path: string, body: unknown) => request<T>("PATCH", path, { body });
export const remove = <T>(path: string) => request<T>("DELETE", path);
export const postForm = <T>(path: string, form: FormData) => request<T>("POST", path, { form });
