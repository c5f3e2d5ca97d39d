import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ApiError, houseFetch, type Session, unwrap } from "@xingqu/client";

export const SESSION_KEY = ["session"];
const AUTH = "/_allauth/browser/v1";

export function useSession() {
  return useQuery({ queryKey: SESSION_KEY, queryFn: () => unwrap(api.GET("/api/v1/session")), staleTime: 60_000 });
}

/** Everything shown belongs to whoever was signed in: start over after a change of person. */
function useStartOver() {
  const client = useQueryClient();
  return async (session?: Session) => {
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" });
    if (session) client.setQueryData(SESSION_KEY, session);
    else await client.refetchQueries({ queryKey: SESSION_KEY });
  };
}

interface AuthFailure {
  errors?: { code: string; message: string; param?: string }[];
}

/** allauth answers refusals in its own shape; this makes them ours. */
async function authCall<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await houseFetch(new URL(AUTH + path, globalThis.location.href).href, {
    method,
    headers: { Accept: "application/json", ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const parsed = (await response.json().catch(() => null)) as (AuthFailure & T) | null;
  const failure = parsed?.errors?.[0];
  if (!response.ok && failure) {
    throw new ApiError({
      code: failure.code,
      message: failure.message,
      status: response.status,
      field: failure.param ?? null,
      errors: (parsed?.errors ?? []).map((error) => ({ field: error.param ?? "", message: error.message, code: error.code })),
    });
  }
  return parsed as T;
}

export function useSignIn() {
  const startOver = useStartOver();
  return useMutation({
    mutationFn: (input: { email: string; password: string }) => authCall("POST", "/auth/login", input),
    onSuccess: () => startOver(),
  });
}

export function useSignUp() {
  const startOver = useStartOver();
  return useMutation({
    mutationFn: async (input: { email: string; password: string; display_name: string }) => {
      await authCall("POST", "/auth/signup", { email: input.email, password: input.password });
      if (input.display_name) await unwrap(api.PATCH("/api/v1/me", { body: { display_name: input.display_name } }));
    },
    onSuccess: () => startOver(),
  });
}

export function useSignOut() {
  const startOver = useStartOver();
  return useMutation({
    // allauth answers 401 when the sign-out has worked: there is no session any more
    mutationFn: () => authCall("DELETE", "/auth/session"),
    onSuccess: () => startOver(),
  });
}

export function useRequestReset() {
  return useMutation({ mutationFn: (email: string) => authCall("POST", "/auth/password/request", { email }) });
}

export function useVerifyEmail() {
  return useMutation({ mutationFn: (key: string) => authCall("POST", "/auth/email/verify", { key }) });
}

export function useResetPassword() {
  return useMutation({ mutationFn: (input: { key: string; password: string }) => authCall("POST", "/auth/password/reset", input) });
}

export type DemoRole = "guest" | "consumer" | "merchant" | "creator" | "agency" | "operator";

export function useDemoRole() {
  const startOver = useStartOver();
  return useMutation({
    mutationFn: (role: DemoRole) => unwrap(api.POST("/api/v1/demo/role", { body: { role } })),
    onSuccess: (session) => startOver(session),
  });
}

export function useUpdateMe() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { display_name?: string; language?: "zh-CN" | "en" }) => unwrap(api.PATCH("/api/v1/me", { body })),
    onSuccess: (session) => client.setQueryData(SESSION_KEY, session),
  });
}

