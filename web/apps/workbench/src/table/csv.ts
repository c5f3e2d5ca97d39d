/**
 * Reads CSV or tab-separated text (RFC 4180 quotes, CRLF or LF, an optional byte order mark).
 * The separator is a tab when the first line holds one outside quotes, else a comma.
 * Empty lines are skipped. Each row carries the line number where it starts, from 1.
 */
export interface CsvRow {
  line: number;
  cells: string[];
}

function pickSeparator(text: string): string {
  const firstLine = text.split(/\r?\n/, 1)[0] ?? "";
  return firstLine.replace(/"[^"]*"/g, "").includes("\t") ? "\t" : ",";
}

export function parseCsv(source: string): CsvRow[] {
  const text = source.replace(/^\ufeff/, "");
  const separator = pickSeparator(text);
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let cell = "";
  let quoted = false;
  let line = 1;
  let startLine = 1;
  const endRow = () => {
    cells.push(cell);
    if (cells.some((value) => value.trim() !== "")) rows.push({ line: startLine, cells });
    cells = [];
    cell = "";
    startLine = line;
  };
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index]!;
    if (char === "\n") line += 1;
    if (quoted) {
      if (char === '"' && text[index + 1] === '"') {
        cell += '"';
        index += 1;
      } else if (char === '"') quoted = false;
      else cell += char;
    } else if (char === '"' && cell === "") quoted = true;
    else if (char === separator) {
      cells.push(cell);
      cell = "";
    } else if (char === "\n") endRow();
    else if (char !== "\r") cell += char;
  }
  if (cell !== "" || cells.length > 0) endRow();
  return rows;
}

function protect(value: string): string {
  // A spreadsheet runs a cell that starts with one of these as a formula.
  const safe = /^[=+\-@\t\r]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** Writes rows as CSV with a byte order mark, so that spreadsheets read Chinese correctly. */
export function writeCsv(rows: readonly (readonly (string | number | null | undefined)[])[]): string {
  return "\ufeff" + rows.map((row) => row.map((cell) => protect(cell == null ? "" : String(cell))).join(",")).join("\r\n") + "\r\n";
}

/** Hands text to the browser as a file download. */
export function downloadText(filename: string, text: string, type = "text/csv;charset=utf-8"): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = filename;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
