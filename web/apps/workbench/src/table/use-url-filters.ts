import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import { type FilterSchema, type FilterValues, readFilters, writeFilters } from "./url-filters";

/** The list's filters, read from and written to the address bar. */
export function useUrlFilters<S extends FilterSchema>(schema: S) {
  const [params, setParams] = useSearchParams();
  const text = params.toString();
  const values = useMemo(() => readFilters(schema, new URLSearchParams(text)), [schema, text]);
  const change = useCallback(
    (changes: Partial<FilterValues<S>>) => {
      setParams((current) => {
        const next = writeFilters(schema, { ...readFilters(schema, current), ...changes });
        return next;
      });
    },
    [schema, setParams],
  );
  const reset = useCallback(() => setParams(new URLSearchParams()), [setParams]);
  return { values, change, reset };
}
