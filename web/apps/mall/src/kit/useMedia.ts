import { useSyncExternalStore } from "react";

/** Whether a media query holds, kept up to date. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (notify) => {
      const list = globalThis.matchMedia(query);
      list.addEventListener("change", notify);
      return () => list.removeEventListener("change", notify);
    },
    () => globalThis.matchMedia(query).matches,
  );
}

/** Wide enough for the navigation rail and panels beside the stage. */
export const useDesktop = () => useMedia("(min-width: 900px)");
export const useReducedMotion = () => useMedia("(prefers-reduced-motion: reduce)");
