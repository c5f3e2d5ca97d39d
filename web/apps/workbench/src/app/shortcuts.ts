import { useEffect, useRef } from "react";

interface Handlers {
  open: () => void;
  jump: (key: string) => void;
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

const SEQUENCE_MS = 1200;

/** Ctrl/⌘ K opens the palette; "g" and a room's letter jumps there unless a field has the focus. */
export function usePaletteKeys(handlers: Handlers): void {
  const current = useRef(handlers);
  useEffect(() => {
    current.current = handlers;
  });
  useEffect(() => {
    let armedUntil = 0;
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        current.current.open();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      if (event.key === "g") armedUntil = event.timeStamp + SEQUENCE_MS;
      else if (event.timeStamp < armedUntil) {
        armedUntil = 0;
        current.current.jump(event.key);
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
