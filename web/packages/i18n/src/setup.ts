import i18next, { type i18n, type ResourceLanguage } from "i18next";
import { initReactI18next } from "react-i18next";
import commonEn from "./locales/en.json";
import commonZh from "./locales/zh-CN.json";
import type { Language } from "./format";

export const LANGUAGES: Language[] = ["zh-CN", "en"];
const STORAGE_KEY = "xq.language";

/** The language in force before the server is asked: what was picked, then what the browser wants. */
export function detectLanguage(): Language {
  const stored = readStored();
  if (stored) return stored;
  const wanted = globalThis.navigator?.language ?? "zh-CN";
  return wanted.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

/**
 * Starts i18next with the shared texts (namespace `common`) and the app's own.
 * `namespaces` maps a namespace to its texts in both languages; the first one is the default.
 */
export function startI18n(namespaces: Record<string, Record<Language, ResourceLanguage>>): i18n {
  const names = Object.keys(namespaces);
  const resources: Record<string, ResourceLanguage> = {};
  for (const language of LANGUAGES) {
    resources[language] = { common: language === "en" ? commonEn : commonZh };
    for (const name of names) resources[language][name] = namespaces[name]![language];
  }
  void i18next.use(initReactI18next).init({
    resources,
    lng: detectLanguage(),
    fallbackLng: false,
    supportedLngs: LANGUAGES,
    defaultNS: names[0] ?? "common",
    fallbackNS: "common",
    ns: ["common", ...names],
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  markDocument(i18next.language as Language);
  i18next.on("languageChanged", (language) => markDocument(language as Language));
  return i18next;
}

/** Switches the page's language and remembers it. */
export async function setLanguage(language: Language): Promise<void> {
  try {
    globalThis.localStorage.setItem(STORAGE_KEY, language);
  } catch {
    // storage refused: the choice lasts for the page
  }
  await i18next.changeLanguage(language);
}

function markDocument(language: Language): void {
  if (globalThis.document) document.documentElement.lang = language;
}

function readStored(): Language | null {
  try {
    const stored = globalThis.localStorage?.getItem(STORAGE_KEY);
    return LANGUAGES.find((language) => language === stored) ?? null;
  } catch {
    return null;
  }
}
