import { ApiError } from "@xingqu/client";
import type { TFunction } from "i18next";

/** The person's words for a refusal: the code translated, else the server's own sentence. */
export function errorText(t: TFunction, error: unknown): string {
  if (!(error instanceof ApiError)) return t("errors.unknown");
  const own = t(`errors.${error.code}`, { defaultValue: "", ...error.data });
  const text = own || (error.status >= 500 ? t("errors.server_error") : error.message);
  const expected = typeof error.expected === "string" ? error.expected : null;
  return expected && error.code === "invalid_input" ? `${text} ${t("errors.expected", { expected })}` : text;
}

/** Server reasons by field path, for showing beside the fields. */
export function fieldReasons(t: TFunction, error: unknown): Map<string, string> {
  const reasons = new Map<string, string>();
  if (!(error instanceof ApiError)) return reasons;
  for (const problem of error.errors) reasons.set(problem.field, problem.message);
  if (error.field && !reasons.has(error.field)) {
    reasons.set(error.field, error.code === "invalid_input" ? error.message : errorText(t, error));
  }
  return reasons;
}
