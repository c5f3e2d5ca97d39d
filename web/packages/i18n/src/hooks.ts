import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import * as format from "./format";
import type { Language, Money } from "./format";

/** Formatters bound to the page's language. */
export function useFormat() {
  const { i18n } = useTranslation();
  const language = i18n.language as Language;
  return useMemo(
    () => ({
      language,
      money: (money: Money, exact = false) => format.formatMoney(money, language, exact),
      splitMoney: (money: Money) => format.splitMoney(money, language),
      compactMoney: (money: Money) => format.formatCompactMoney(money, language),
      compact: (value: number) => format.formatCompact(value, language),
      number: (value: number) => format.formatNumber(value, language),
      percent: (ratio: number, digits?: number) => format.formatPercent(ratio, language, digits),
      date: (iso: string) => format.formatDate(iso, language),
      dateTime: (iso: string) => format.formatDateTime(iso, language),
      dayMonth: (iso: string) => format.formatDayMonth(iso, language),
      relative: (iso: string) => format.formatRelative(iso, language),
      /** Picks the name that fits the language from data that carries both. */
      named: (row: { name: string; name_en?: string | null }) => (language === "en" && row.name_en) || row.name,
      /** The same for an account. */
      displayName: (row: { display_name: string; display_name_en?: string | null }) => (language === "en" && row.display_name_en) || row.display_name,
    }),
    [language],
  );
}

/**
 * The sentence for an API error: by its stable code, with its data filled in;
 * a code we have no text for falls back to the server's English message.
 */
export function useErrorText(): (error: unknown) => string {
  const { t, i18n } = useTranslation("common");
  return (error) => {
    if (typeof error === "object" && error !== null && "code" in error) {
      const { code, message, data } = error as { code: string; message?: string; data?: Record<string, unknown> };
      const key = `errors.${code}`;
      if (i18n.exists(key, { ns: "common" })) return t(key, { ...data });
      if (message && i18n.language === "en") return message;
      return t("errors.unknown_with_code", { code });
    }
    return t("errors.unknown");
  };
}
