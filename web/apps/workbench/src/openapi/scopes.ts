/** Groups of scopes that a program of each kind of workplace has a use for; those of creators are no shop's. */
const GROUPS: Record<string, readonly string[]> = {
  creator: ["creator", "live", "shop"],
  mcn: ["creator", "alliance", "shop"],
  service_provider: ["creator", "shop"],
};

export function hasUse(kind: string, scope: string): boolean {
  const group = scope.split(".")[0]!;
  const groups = GROUPS[kind];
  return groups ? groups.includes(group) : group !== "creator";
}

/** A new program may look, and change nothing, until it is told otherwise. */
export function firstScopes(kind: string): string[] {
  const first = kind === "merchant" ? ["product", "order", "logistics", "shop"] : ["creator", "shop"];
  return first.map((group) => `${group}.read`);
}
