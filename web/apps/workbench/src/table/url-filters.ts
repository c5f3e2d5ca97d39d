/**
 * Filters live in the address bar, so that a view can be saved, shared and gone back to.
 * A schema names each filter with its type; whatever the address holds beyond it or against
 * its type is dropped, and a value equal to the default is not written.
 */
export type FilterField =
  | { type: "text"; max_length?: number }
  | { type: "choice"; choices: readonly string[]; default?: string }
  | { type: "id" }
  | { type: "day" };

export type FilterSchema = Record<string, FilterField>;

export type FilterValues<S extends FilterSchema> = {
  [K in keyof S]: S[K] extends { type: "id" } ? number | undefined : string | undefined;
};

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

function readField(field: FilterField, raw: string | null): string | number | undefined {
  if (raw === null || raw === "") return field.type === "choice" ? field.default : undefined;
  switch (field.type) {
    case "text":
      return raw.trim().slice(0, field.max_length ?? 100) || undefined;
    case "choice":
      return field.choices.includes(raw) ? raw : field.default;
    case "id": {
      const id = Number(raw);
      return Number.isSafeInteger(id) && id > 0 ? id : undefined;
    }
    case "day":
      return DAY.test(raw) ? raw : undefined;
  }
}

export function readFilters<S extends FilterSchema>(schema: S, params: URLSearchParams): FilterValues<S> {
  const values: Record<string, string | number | undefined> = {};
  for (const [name, field] of Object.entries(schema)) values[name] = readField(field, params.get(name));
  return values as FilterValues<S>;
}

/** Writes in the schema's order, so that equal filters always give an equal address. */
export function writeFilters<S extends FilterSchema>(
  schema: S,
  values: Partial<FilterValues<S>>,
): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, field] of Object.entries(schema)) {
    const value = readField(field, values[name] == null ? null : String(values[name]));
    if (value === undefined) continue;
    if (field.type === "choice" && value === field.default) continue;
    params.set(name, String(value));
  }
  return params;
}

/** How many filters differ from a plain list (choices at their default don't count). */
export function countActive<S extends FilterSchema>(schema: S, values: Partial<FilterValues<S>>): number {
  return [...writeFilters(schema, values).keys()].length;
}
