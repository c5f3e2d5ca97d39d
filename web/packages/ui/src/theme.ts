import type { Theme } from "./tokens";

export type ThemeChoice = Theme | "system";

const STORAGE_KEY = "xq.theme";

/** What the person picked; "system" when they never did. */
export function readThemeChoice(): ThemeChoice {
  const stored = safeStorage()?.getItem(STORAGE_KEY);
  return stored === "light" || stored === "dark" ? stored : "system";
}

/** Remembers the choice and applies it to the page at once. */
export function applyThemeChoice(choice: ThemeChoice): void {
  const root = document.documentElement;
  if (choice === "system") {
    delete root.dataset.theme;
    safeStorage()?.removeItem(STORAGE_KEY);
  } else {
    root.dataset.theme = choice;
    safeStorage()?.setItem(STORAGE_KEY, choice);
  }
}

/** The theme that is on screen now, after the system's wish is taken in. */
export function currentTheme(): Theme {
  const choice = readThemeChoice();
  if (choice !== "system") return choice;
  return globalThis.matchMedia?.("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function safeStorage(): Storage | null {
  try {
    return globalThis.localStorage;
  } catch {
    return null; // storage is refused in some private windows; the choice then lasts for the page
  }
}
