/** Which columns stand where: the person's choice over what the page brings. */
export interface Layout {
  hidden: string[];
  /** Keys in the order they stand in; what is not named stands behind them, as the page has it. */
  order: string[];
}

interface Arranged {
  key: string;
  fixed?: "left" | "right";
  extra?: boolean;
}

/** The columns in their order; what says which row it is stays at its edge. */
export function inOrder<Column extends Arranged>(columns: readonly Column[], order: readonly string[]): Column[] {
  const edge = { left: -1, none: 0, right: 1 };
  const place = (column: Column) => {
    const found = order.indexOf(column.key);
    return found < 0 ? order.length : found;
  };
  return columns
    .map((column, index) => ({ column, index }))
    .sort((a, b) => edge[a.column.fixed ?? "none"] - edge[b.column.fixed ?? "none"] || place(a.column) - place(b.column) || a.index - b.index)
    .map((one) => one.column);
}

/** What the page shows before anybody chose. */
export function plainLayout(columns: readonly Arranged[]): Layout {
  return { hidden: columns.filter((column) => column.extra).map((column) => column.key), order: [] };
}

/** The order after a column was moved by one place, past hidden ones too; unchanged at the edges. */
export function moved(columns: readonly Arranged[], order: readonly string[], key: string, by: 1 | -1): string[] {
  const keys = inOrder(columns, order)
    .filter((column) => !column.fixed)
    .map((column) => column.key);
  const from = keys.indexOf(key);
  const to = from + by;
  if (from < 0 || to < 0 || to >= keys.length) return keys;
  keys.splice(to, 0, ...keys.splice(from, 1));
  return keys;
}
