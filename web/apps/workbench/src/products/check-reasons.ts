import type { TFunction } from "i18next";
import type { CheckReason } from "../api/types";

/** The sentence of one reason of the check, with the words it names and the law behind it. */
export function reasonText(t: TFunction, reason: CheckReason, language: string): string {
  const basis = (language === "en" ? reason.basis_en : reason.basis) ?? "";
  return t(`products.check.${reason.code}`, { defaultValue: reason.message, message: reason.message, words: reason.words ?? "", basis });
}

/** All reasons by field, each field's in one text. */
export function reasonsByField(t: TFunction, reasons: Record<string, CheckReason[]>, language: string): Map<string, string> {
  return new Map(
    Object.entries(reasons).map(([field, list]) => [field, list.map((reason) => reasonText(t, reason, language)).join(" ")]),
  );
}

/** What a field path is called: "attributes.材质" -> "材质", "detail_paragraphs.2" -> "Details 3". */
export function fieldName(t: TFunction, path: string): string {
  const [field = path, rest] = path.split(/\.(.*)/);
  if (field === "attributes" && rest) return rest;
  const name = t(`products.field.${field}`, { defaultValue: field });
  return rest && /^\d+$/.test(rest) ? `${name} ${Number(rest) + 1}` : name;
}
