import { useEffect, useRef } from "react";

interface Handlers {
  open: () => void;
  jump: (key: string) => void;
  help?: () => void;
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

const SEQUENCE_MS = 1200;
let armedUntil = 0;

/** Whether this key is the letter after "g": it goes to a room, whatever it does in a list. */
export function isJump(event: { timeStamp: number }): boolean {
  return event.timeStamp < armedUntil;
}

/** What lies over the page has the keys. */
function covered(): boolean {
  return [...document.querySelectorAll<HTMLElement>(".ant-modal-wrap, .ant-drawer-open, .ant-modal-confirm")].some((each) => each.style.display !== "none");
}

/** The page's own search, where it has one. */
function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>("#main .wb-search-box input, #main input[type=search]");
  field?.focus();
  field?.select();
  return field !== null;
}

/** A key of a list, pressed while no row has the focus: the row under the cursor, else the first, takes it. */
function toRows(event: KeyboardEvent): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>("#main tr[tabindex='0']")];
  const row = rows.find((each) => each.matches(":hover")) ?? rows[0];
  if (!row) return false;
  row.focus();
  if (event.key === "x") row.dispatchEvent(new KeyboardEvent("keydown", { key: "x", bubbles: true }));
  return true;
}

/**
 * Ctrl/⌘ K opens the palette; "g" and a room's letter jumps there; "/" goes to the page's search, "?" shows the list of keys,
 * "j", "k" and "x" go to the rows. A field that has the focus keeps its letters.
 */
export function usePaletteKeys(handlers: Handlers): void {
  const current = useRef(handlers);
  useEffect(() => {
    current.current = handlers;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        current.current.open();
        return;
      }
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      if (isJump(event)) {
        armedUntil = 0;
        current.current.jump(event.key);
        return;
      }
      if (covered()) return;
      if (event.key === "g") armedUntil = event.timeStamp + SEQUENCE_MS;
      else if (event.key === "?") current.current.help?.();
      else if (event.key === "/" ? focusSearch() : ["j", "k", "x"].includes(event.key) && toRows(event)) event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
