import { expect, it } from "vitest";
import { NEW_ZONE, parseUnits, templateProblem, typedFrom, zoneOf } from "./zones";

it("reads pieces and kilograms", () => {
  expect(["1", "12", "0", "1.5", "", "-1"].map((typed) => parseUnits(typed, "piece"))).toEqual([1, 12, undefined, undefined, undefined, undefined]);
  expect(["1", "0.5", "1.2345", "0", "2.001"].map((typed) => parseUnits(typed, "weight"))).toEqual([1000, 500, undefined, undefined, 2001]);
});

it("turns a template into words and back", () => {
  const zone = { region_ids: [1, 2], first_units: 1500, first_minor: 800, extra_units: 500, extra_minor: 250, free_from_minor: 9900, free_from_units: null, refused: null };
  const typed = typedFrom({ id: 1, name: "大件", by: "weight", zones: [zone], is_default: false, version: 3, products: 0 });
  expect(typed.zones[0]).toMatchObject({ first_units: "1.5", extra_units: "0.5", free_from_units: "" });
  expect(zoneOf(typed.zones[0] ?? NEW_ZONE, "weight")).toEqual(zone);
});

it("says what keeps it from being saved", () => {
  const rest = NEW_ZONE;
  const some = { ...NEW_ZONE, region_ids: [1] };
  const problem = (zones: (typeof NEW_ZONE)[], name = "x") => templateProblem({ name, by: "piece", is_default: false, zones });
  expect(problem([rest, some])).toBeNull();
  expect(problem([rest], " ")).toBe("name");
  expect(problem([some])).toBe("regions");
  expect(problem([rest, rest])).toBe("regions");
  expect(problem([rest, some, some])).toBe("twice");
  expect(problem([{ ...rest, first: "x" }])).toBe("zone");
  expect(problem([rest, { ...some, refused: " " }])).toBe("zone");
});
