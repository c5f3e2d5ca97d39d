/** A changed field in words: each part of its path by `word`, entries of lists by their number. */
export function fieldWords(field: string, word: (part: string) => string): string {
  return field
    .split(".")
    .map((part) => (/^\d+$/.test(part) ? `#${part}` : word(part)))
    .join(" · ");
}

/** A value before or after a change; a dash for none. */
export function shownValue(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Of what an action was done to the numbers alone: "S1" of "orders/S1/ship"; empty where a list was added to. */
export function subjectNumbers(subject: string): string {
  return subject
    .split("/")
    .filter((part) => /\d/.test(part))
    .join(" / ");
}
