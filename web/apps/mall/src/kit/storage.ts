/** Small remembered choices. Storage may be refused; then a choice lasts for the page. */
export function readStored<T>(key: string, fallback: T): T {
  try {
    const text = globalThis.localStorage.getItem(key);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    return fallback;
  }
}

export function writeStored(key: string, value: unknown): void {
  try {
    globalThis.localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // refused or full: nothing else depends on it
  }
}
