/** Helpers for the test that every text stands in both languages. */
type Texts = { [key: string]: string | Texts };

/** All dotted keys of a text tree, plural suffixes folded, sorted. */
export function textKeys(texts: Texts, prefix = ""): string[] {
  const keys = new Set<string>();
  for (const [key, value] of Object.entries(texts)) {
    const path = prefix + key;
    if (typeof value === "string") keys.add(path.replace(/_(zero|one|two|few|many|other)$/, ""));
    else for (const inner of textKeys(value, `${path}.`)) keys.add(inner);
  }
  return [...keys].sort();
}

/** The `{{names}}` that a text fills in, by key. */
export function textVariables(texts: Texts, prefix = ""): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value === "string") {
      const path = (prefix + key).replace(/_(zero|one|two|few|many|other)$/, "");
      const names = [...value.matchAll(/\{\{\s*([\w.]+)/g)].map((match) => match[1]!);
      found[path] = [...new Set([...(found[path] ?? []), ...names])].sort();
    } else Object.assign(found, textVariables(value, `${prefix + key}.`));
  }
  return found;
}

/** Keys with an empty text. */
export function emptyTexts(texts: Texts, prefix = ""): string[] {
  return Object.entries(texts).flatMap(([key, value]) => {
    if (typeof value === "string") return value.trim() === "" ? [prefix + key] : [];
    return emptyTexts(value, `${prefix + key}.`);
  });
}

const STATIC_KEY = /\bt\(\s*["'`]([\w.:-]+)["'`]/g;

/** The keys that a source text asks for by a literal `t("...")`. */
export function usedKeys(source: string): string[] {
  return [...source.matchAll(STATIC_KEY)].map((match) => match[1]!);
}
