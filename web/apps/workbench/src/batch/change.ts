import { parseMoney } from "../format/money-input";

export const BATCH_KINDS = ["price_percent", "price_amount", "price_set", "stock_add", "stock_set", "limit_per_person", "limit_days", "limit_per_order", "category", "tags_add", "tags_remove"] as const;
export type BatchKind = (typeof BATCH_KINDS)[number];

export interface TypedChange {
  kind: BatchKind;
  number: string;
  category_id: number | undefined;
  tags: string[];
}

export interface BatchBody {
  kind: BatchKind | "online" | "offline";
  value?: number;
  tags?: string[];
}

const PERCENT = /^-?\d{1,3}(\.\d{1,2})?$/;
const LIMIT = /^\d{1,4}$/;
const UNITS = /^-?\d{1,7}$/;

/** The change as the server takes it; null while what is typed is no such change. */
export function batchBody(typed: TypedChange): BatchBody | null {
  const { kind } = typed;
  const number = typed.number.trim().replace("−", "-");
  switch (kind) {
    case "price_percent":
      return PERCENT.test(number) && Number(number) !== 0 ? { kind, value: Math.round(Number(number) * 100) } : null;
    case "price_amount":
    case "price_set": {
      const minus = number.startsWith("-");
      const money = parseMoney(minus ? number.slice(1) : number);
      if (!money.ok || money.amount_minor === 0 || (minus && kind === "price_set")) return null;
      return { kind, value: minus ? -money.amount_minor : money.amount_minor };
    }
    case "stock_add":
    case "stock_set":
      if (!UNITS.test(number) || (kind === "stock_set" ? Number(number) < 0 : Number(number) === 0)) return null;
      return { kind, value: Number(number) };
    case "limit_per_person":
    case "limit_days":
    case "limit_per_order":
      return LIMIT.test(number) ? { kind, value: Number(number) } : null;
    case "category":
      return typed.category_id ? { kind, value: typed.category_id } : null;
    case "tags_add":
    case "tags_remove":
      return typed.tags.length > 0 ? { kind, tags: typed.tags } : null;
  }
}

export interface RowLike {
  changes: readonly unknown[];
  error: string | null;
}

/** How many rows change, stay as they are, and refuse. */
export function countRows(rows: readonly RowLike[]): { changed: number; same: number; refused: number } {
  const refused = rows.filter((row) => row.error !== null).length;
  const changed = rows.filter((row) => row.error === null && row.changes.length > 0).length;
  return { changed, refused, same: rows.length - refused - changed };
}
