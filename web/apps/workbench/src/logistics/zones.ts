import type { FreightTemplate, FreightZone } from "../api/types";
import { moneyToInput, parseMoney } from "../format/money-input";

/** A zone as it is typed: units are pieces or kilograms, amounts are yuan. */
export interface TypedZone {
  region_ids: number[];
  first_units: string;
  first: string;
  extra_units: string;
  extra: string;
  free_from: string;
  free_from_units: string;
  /** Why nothing is brought there; null where something is. */
  refused: string | null;
}

export interface TypedTemplate {
  name: string;
  by: "piece" | "weight";
  is_default: boolean;
  zones: TypedZone[];
}

const GRAMS = 1000;

export const NEW_ZONE: TypedZone = { region_ids: [], first_units: "1", first: "0", extra_units: "1", extra: "0", free_from: "", free_from_units: "", refused: null };

function unitsToInput(units: number | null, by: TypedTemplate["by"]): string {
  if (units === null) return "";
  return by === "weight" ? String(units / GRAMS) : String(units);
}

/** Pieces, or grams of kilograms with at most three decimals; undefined for what is neither. */
export function parseUnits(typed: string, by: TypedTemplate["by"]): number | undefined {
  const clean = typed.trim();
  if (!(by === "weight" ? /^\d{1,4}(\.\d{1,3})?$/ : /^\d{1,4}$/).test(clean)) return undefined;
  const units = by === "weight" ? Math.round(Number(clean) * GRAMS) : Number(clean);
  return units >= 1 ? units : undefined;
}

export function typedFrom(template: FreightTemplate): TypedTemplate {
  const { by } = template;
  return {
    name: template.name,
    by,
    is_default: template.is_default,
    zones: template.zones.map((zone) => ({
      region_ids: zone.region_ids,
      first_units: unitsToInput(zone.first_units, by),
      first: moneyToInput(zone.first_minor),
      extra_units: unitsToInput(zone.extra_units, by),
      extra: moneyToInput(zone.extra_minor),
      free_from: zone.free_from_minor === null ? "" : moneyToInput(zone.free_from_minor),
      free_from_units: unitsToInput(zone.free_from_units, by),
      refused: zone.refused,
    })),
  };
}

function minor(typed: string): number | undefined {
  const parsed = parseMoney(typed);
  return parsed.ok ? parsed.amount_minor : undefined;
}

/** The zone for the server; undefined while something in it can't be read. */
export function zoneOf(typed: TypedZone, by: TypedTemplate["by"]): FreightZone | undefined {
  if (typed.refused !== null) {
    if (!typed.refused.trim()) return undefined;
    return { region_ids: typed.region_ids, first_units: 1, first_minor: 0, extra_units: 1, extra_minor: 0, free_from_minor: null, free_from_units: null, refused: typed.refused.trim() };
  }
  const first_units = parseUnits(typed.first_units, by);
  const extra_units = parseUnits(typed.extra_units, by);
  const first_minor = minor(typed.first);
  const extra_minor = minor(typed.extra);
  const free_from_minor = typed.free_from.trim() === "" ? null : minor(typed.free_from);
  const free_from_units = typed.free_from_units.trim() === "" ? null : parseUnits(typed.free_from_units, by);
  if (first_units === undefined || extra_units === undefined || first_minor === undefined || extra_minor === undefined) return undefined;
  if (free_from_minor === undefined || free_from_units === undefined) return undefined;
  return { region_ids: typed.region_ids, first_units, first_minor, extra_units, extra_minor, free_from_minor, free_from_units, refused: null };
}

/** What keeps a template from being saved: a reason's code, or null. */
export function templateProblem(typed: TypedTemplate): "name" | "zone" | "regions" | "twice" | null {
  if (!typed.name.trim()) return "name";
  if (typed.zones.some((zone) => zoneOf(zone, typed.by) === undefined)) return "zone";
  if (typed.zones.filter((zone) => zone.region_ids.length === 0).length !== 1) return "regions";
  const ids = typed.zones.flatMap((zone) => zone.region_ids);
  return new Set(ids).size === ids.length ? null : "twice";
}
