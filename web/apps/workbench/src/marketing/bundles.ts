/** A part of a set as it is put together. */
export interface BundlePart {
  sku_id: number;
  name: string;
  price_minor: number;
  quantity: number;
}

/** What the parts cost apart. */
export function apartMinor(parts: readonly BundlePart[]): number {
  return parts.reduce((sum, part) => sum + part.price_minor * part.quantity, 0);
}

/** What is wrong with a set: its parts (2 to 99 units of at most 10 SKUs), or its price (below what they cost apart). */
export function bundleProblem(parts: readonly BundlePart[], priceMinor: number | null): "parts" | "price" | null {
  const units = parts.reduce((sum, part) => sum + part.quantity, 0);
  if (units < 2 || units > 99 || parts.length > 10) return "parts";
  return priceMinor === null || priceMinor < 1 || priceMinor >= apartMinor(parts) ? "price" : null;
}
