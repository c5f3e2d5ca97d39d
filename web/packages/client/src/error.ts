/** One field's complaint inside a validation error. */
export interface FieldError {
  field: string;
  message: string;
  code?: string;
}

/** A refusal by the API, or a connection that failed (`code` "network", `status` 0). */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly field: string | null;
  readonly expected: unknown;
  readonly data: Record<string, unknown>;
  readonly errors: FieldError[];

  constructor(init: {
    code: string;
    message: string;
    status: number;
    field?: string | null;
    expected?: unknown;
    data?: Record<string, unknown>;
    errors?: FieldError[];
  }) {
    super(init.message);
    this.name = "ApiError";
    this.code = init.code;
    this.status = init.status;
    this.field = init.field ?? null;
    this.expected = init.expected ?? null;
    this.data = init.data ?? {};
    this.errors = init.errors ?? [];
  }

  /** A request that may succeed if it is simply sent again. */
  get retryable(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

const CODE_BY_STATUS: Record<number, string> = {
  401: "sign_in_required",
  403: "forbidden",
  404: "not_found",
  413: "payload_too_large",
  429: "rate_limited",
};

/** Reads our error body; any other body (a proxy's page, say) becomes an error by its status. */
export function toApiError(status: number, body: unknown): ApiError {
  const error = isRecord(body) && isRecord(body.error) ? body.error : null;
  if (error && typeof error.code === "string") {
    return new ApiError({
      code: error.code,
      message: typeof error.message === "string" ? error.message : error.code,
      status,
      field: typeof error.field === "string" ? error.field : null,
      expected: error.expected,
      data: isRecord(error.data) ? error.data : {},
      errors: Array.isArray(error.errors) ? (error.errors as FieldError[]) : [],
    });
  }
  const code = CODE_BY_STATUS[status] ?? (status >= 500 ? "server_error" : "unknown");
  return new ApiError({ code, message: `HTTP ${status}`, status });
}

export function networkError(cause: unknown): ApiError {
  return new ApiError({ code: "network", message: cause instanceof Error ? cause.message : "network", status: 0 });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
