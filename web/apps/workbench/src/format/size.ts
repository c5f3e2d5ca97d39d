const UNITS = ["B", "kB", "MB", "GB"];

/** A file size in decimal units: 1536000 -> "1.5 MB". */
export function formatBytes(size_bytes: number): string {
  let value = size_bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}

/** The local calendar day of a moment as YYYY-MM-DD, for filters and file names. */
export function localDay(date: Date): string {
  const month = String(date.getMonth() + 1).padStart(2, "0");
  return `${date.getFullYear()}-${month}-${String(date.getDate()).padStart(2, "0")}`;
}
