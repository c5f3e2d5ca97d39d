export interface PaletteEntry {
  group: "rooms" | "actions" | "shops" | "orders" | "products";
  label: string;
  to: string;
  /** Further words the entry is found by, in English. */
  words: string;
}

/** All query words must occur; entries whose label begins with the query come first. */
export function matchEntries(entries: readonly PaletteEntry[], query: string): PaletteEntry[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === "") return [...entries];
  const parts = wanted.split(/\s+/);
  return entries
    .filter((entry) => {
      const text = `${entry.label} ${entry.words}`.toLowerCase();
      return parts.every((part) => text.includes(part));
    })
    .map((entry, position) => ({ entry, position, first: entry.label.toLowerCase().startsWith(wanted) ? 0 : 1 }))
    .sort((left, right) => left.first - right.first || left.position - right.position)
    .map(({ entry }) => entry);
}
