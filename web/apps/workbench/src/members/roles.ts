import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@xingqu/i18n";
import { get } from "../api/http";
import type { Roles } from "../api/types";

export const useRoles = (shopId: number) => useQuery({ queryKey: ["roles", shopId], queryFn: ({ signal }) => get<Roles>(`/organisations/${shopId}/roles`, undefined, signal) });

/** The value of a choice of roles as the API wants it: a role of the house, or `own` with its number. */
export function roleOf(value: string): { role: string; own_role_id: number | null } {
  return value.startsWith("own:") ? { role: "own", own_role_id: Number(value.slice(4)) } : { role: value, own_role_id: null };
}

export function valueOf(member: { role: string; own_role_id: number | null }): string {
  return member.own_role_id === null ? member.role : `own:${member.own_role_id}`;
}

/** Roles to choose from: the house's, then the shop's own. */
export function useRoleOptions(shopId: number) {
  const { t } = useTranslation();
  const roles = useRoles(shopId);
  return [
    ...(roles.data?.house ?? []).map((row) => ({ value: row.role, label: t(`roles.${row.role}`), help: t(`members.role_help.${row.role}`) })),
    ...(roles.data?.own ?? []).map((row) => ({ value: `own:${row.id}`, label: row.name, help: "" })),
  ];
}
