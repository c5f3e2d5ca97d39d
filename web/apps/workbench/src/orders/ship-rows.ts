import type { Carrier, Order } from "../api/types";
import { parseCsv } from "../table/csv";

export interface ShipRow {
  line: number;
  order_no: string;
  carrier_code: string;
  tracking_no: string;
}

export type ShipRowProblem =
  | "too_few_cells"
  | "order_missing"
  | "order_pattern"
  | "order_repeated"
  | "carrier_unknown"
  | "tracking_missing"
  | "tracking_pattern";

export interface CheckedShipRow extends ShipRow {
  problem: ShipRowProblem | null;
}

// What the server takes for a number at all: one row of anything else would have the whole list refused.
const ORDER_NUMBER = /^[A-Za-z0-9_-]{1,64}$/;

/** Spaces that people and scanners leave in are not part of the number. */
export function cleanTracking(typed: string): string {
  return typed.replace(/\s/g, "").toUpperCase();
}

/** Whether the number can be one of the carrier's. A pattern we can't read doesn't block shipping. */
export function fitsPattern(tracking_no: string, carrier: Carrier | undefined): boolean {
  if (!carrier?.tracking_pattern) return true;
  try {
    return new RegExp(`^(?:${carrier.tracking_pattern})$`).test(tracking_no);
  } catch {
    return true;
  }
}

function findCarrier(written: string, carriers: readonly Carrier[]): Carrier | undefined {
  const wanted = written.trim().toLowerCase();
  const exact = carriers.find((carrier) => [carrier.code, carrier.name, carrier.name_en].some((name) => name.toLowerCase() === wanted));
  if (exact || wanted.length < 2) return exact;
  // As people write it: the beginning of one carrier's name, and of no other's.
  const begins = carriers.filter((carrier) => [carrier.name, carrier.name_en].some((name) => name.toLowerCase().startsWith(wanted)));
  return begins.length === 1 ? begins[0] : undefined;
}

function problemOf(cells: string[], carrier: Carrier | undefined, tracking_no: string, seen: Set<string>): ShipRowProblem | null {
  if (cells.length < 3) return "too_few_cells";
  const order_no = cells[0]!.trim();
  if (order_no === "") return "order_missing";
  if (!ORDER_NUMBER.test(order_no)) return "order_pattern";
  if (seen.has(order_no)) return "order_repeated";
  if (!carrier) return "carrier_unknown";
  if (tracking_no === "") return "tracking_missing";
  return fitsPattern(tracking_no, carrier) ? null : "tracking_pattern";
}

const HEAD = /^(订单号|订单编号|order([ _]?(no|number))?$)/i;

/** Carriers whose numbers look like this one; the merchant's own delivery takes any number and is no help. */
export function carriersOf(tracking_no: string, carriers: readonly Carrier[]): Carrier[] {
  return tracking_no === "" ? [] : carriers.filter((carrier) => carrier.code !== "own" && fitsPattern(tracking_no, carrier));
}

/** The carrier somebody meant: one of the names begins with, contains or is contained in what was written. */
export function nearCarriers(written: string, carriers: readonly Carrier[]): Carrier[] {
  const wanted = written.trim().toLowerCase();
  if (wanted.length < 2) return [];
  return carriers.filter((carrier) => [carrier.code, carrier.name, carrier.name_en].some((name) => name.toLowerCase().includes(wanted) || wanted.includes(name.toLowerCase()) || name.slice(0, 2).toLowerCase() === wanted.slice(0, 2)));
}

/** What would be right in a row that is wrong: the code of a sentence, and what it names. */
export function hintOf(row: CheckedShipRow, carriers: readonly Carrier[], nameOf: (carrier: Carrier) => string): { code: string; values: Record<string, string> } | null {
  const names = (found: readonly Carrier[]) => found.map(nameOf).join(", ");
  switch (row.problem) {
    case "too_few_cells":
    case "order_missing":
      return { code: "columns", values: {} };
    case "order_pattern":
      return { code: "not_found", values: {} };
    case "order_repeated":
      return { code: "once", values: {} };
    case "tracking_missing":
    case "tracking_pattern": {
      const carrier = carriers.find((one) => one.code === row.carrier_code);
      const others = carriersOf(row.tracking_no, carriers);
      if (others.length > 0) return { code: "other_carrier", values: { names: names(others) } };
      return carrier ? { code: "example", values: { name: nameOf(carrier), example: carrier.tracking_example } } : null;
    }
    case "carrier_unknown": {
      const near = nearCarriers(row.carrier_code, carriers);
      const meant = near.length > 0 ? near : carriersOf(row.tracking_no, carriers);
      return meant.length > 0 ? { code: "meant", values: { names: names(meant) } } : { code: "one_of", values: { names: names(carriers) } };
    }
    default:
      return null;
  }
}

/**
 * Rows of "order number, carrier (code or name), tracking number" as pasted or read from a file.
 * A head line is skipped; every other line is answered with what is wrong with it, or null.
 */
export function readShipRows(text: string, carriers: readonly Carrier[]): CheckedShipRow[] {
  const seen = new Set<string>();
  const rows: CheckedShipRow[] = [];
  for (const { line, cells } of parseCsv(text)) {
    if (HEAD.test((cells[0] ?? "").trim())) continue;
    const carrier = findCarrier(cells[1] ?? "", carriers);
    const tracking_no = cleanTracking(cells[2] ?? "");
    const problem = problemOf(cells, carrier, tracking_no, seen);
    const order_no = (cells[0] ?? "").trim();
    seen.add(order_no);
    rows.push({ line, order_no, carrier_code: carrier?.code ?? (cells[1] ?? "").trim(), tracking_no, problem });
  }
  return rows;
}

/** The units that go into a package: null when it is all that is left. */
export function partOf(order: Pick<Order, "lines">, units: Readonly<Record<number, number>>): { sku_id: number; quantity: number }[] | null {
  const chosen = order.lines.map((line) => ({ sku_id: line.sku_id, quantity: units[line.sku_id] ?? 0 }));
  const whole = order.lines.every((line) => (units[line.sku_id] ?? 0) === line.to_ship_quantity);
  return whole ? null : chosen.filter((line) => line.quantity > 0);
}
