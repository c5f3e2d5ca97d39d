import { useQuery } from "@tanstack/react-query";
import { useShop } from "../app/session";
import { profileQuery } from "../creator-home/queries";
import type { Side } from "./queries";

/** Who looks; null while a studio's account is being read. */
export function useSide(): Side | null {
  const shop = useShop();
  const isStudio = shop.kind === "creator";
  const profile = useQuery({ ...profileQuery(shop.id), enabled: isStudio });
  const has = (scope: string) => shop.permissions.includes("*") || shop.permissions.includes(scope);
  if (!isStudio) return { name: "merchant", root: `/shops/${shop.id}`, shopId: shop.id, editable: has("products.write"), mayPay: has("funds.write") };
  const editable = has("alliance.write");
  return profile.data ? { name: "creator", root: `/creators/${profile.data.id}`, shopId: shop.id, editable, mayPay: editable } : null;
}
