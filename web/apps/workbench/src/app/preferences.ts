import { useSyncExternalStore } from "react";

/** What this browser remembers for its person: theme, column choices, last shop. */
const PREFIX = "xq-workbench:";
const listeners = new Set<() => void>();

export function readPreference<T>(name: string, fallback: T): T {
  try {
    const stored = localStorage.getItem(PREFIX + name);
    return stored === null ? fallback : (JSON.parse(stored) as T);
  } catch {
    return fallback;
  }
}

export function writePreference<T>(name: string, value: T): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Storage may be full or forbidden: the choice then lasts until the page is left.
  }
  listeners.forEach((listener) => listener());
}

const cache = new Map<string, { raw: string | null; value: unknown }>();

/** A preference as state, shared by all components of the page. */
export function usePreference<T>(name: string, fallback: T): [T, (value: T) => void] {
  const value = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => {
      let raw: string | null = null;
      try {
        raw = localStorage.getItem(PREFIX + name);
      } catch {
        raw = null;
      }
      const known = cache.get(name);
      if (known && known.raw === raw) return known.value as T;
      const next = raw === null ? fallback : readPreference(name, fallback);
      cache.set(name, { raw, value: next });
      return next;
    },
  );
  return [value, (next: T) => writePreference(name, next)];
}
