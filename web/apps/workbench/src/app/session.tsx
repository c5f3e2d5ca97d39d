import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { get, post } from "../api/http";
import type { Session, SessionShop } from "../api/types";

export const SESSION_KEY = ["session"];

export function useSession() {
  return useQuery({
    queryKey: SESSION_KEY,
    queryFn: ({ signal }) => get<Session>("/session", undefined, signal),
    staleTime: 5 * 60_000,
  });
}

export type DemoRole = "consumer" | "merchant" | "creator" | "agency" | "operator";

/** Demo only: become another role at once. Everything known of the former person is dropped. */
export function useDemoRole() {
  const client = useQueryClient();
  return async (role: DemoRole) => {
    const session = await post<Session>("/demo/role", { role });
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION_KEY[0] });
    client.setQueryData(SESSION_KEY, session);
  };
}

export const ShopContext = createContext<SessionShop | null>(null);

/** The shop whose rooms are open; only used below the shell. */
export function useShop(): SessionShop {
  const shop = useContext(ShopContext);
  if (!shop) throw new Error("useShop needs the shell around it");
  return shop;
}

export function signInAddress(): string {
  return `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
}
