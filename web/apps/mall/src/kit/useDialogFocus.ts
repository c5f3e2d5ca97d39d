import { type RefObject, useEffect, useRef } from "react";

const FOCUSABLE =
  'a[href], button:not([disabled]):not([tabindex="-1"]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex="0"]';

/** Open dialogs, the topmost last: only that one answers to Esc and Tab. */
const stack: object[] = [];

/** Moves focus into the dialog, keeps Tab inside, closes on Esc, and gives focus back afterwards. */
export function useDialogFocus(panel: RefObject<HTMLElement | null>, onClose: () => void, trap: boolean): void {
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  useEffect(() => {
    const me = {};
    const before = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    stack.push(me);
    if (trap) panel.current?.focus({ preventScroll: true });
    const onKeyDown = (event: KeyboardEvent) => {
      if (stack.at(-1) !== me) return;
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        close.current();
      } else if (trap && event.key === "Tab" && panel.current) keepInside(event, panel.current);
    };
    document.addEventListener("keydown", onKeyDown, true);
    return () => {
      document.removeEventListener("keydown", onKeyDown, true);
      stack.splice(stack.indexOf(me), 1);
      if (trap && before?.isConnected) before.focus({ preventScroll: true });
    };
  }, [panel, trap]);
}

/** Whether a dialog stands above the page, so that page-wide keys must wait. */
export function dialogOpen(): boolean {
  return stack.length > 0;
}

function keepInside(event: KeyboardEvent, root: HTMLElement): void {
  const all = [...root.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((element) => element.offsetParent !== null);
  const first = all[0];
  const last = all.at(-1);
  if (!first || !last) return;
  const active = document.activeElement;
  if (event.shiftKey && (active === first || active === root)) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && (active === last || !root.contains(active))) {
    event.preventDefault();
    first.focus();
  }
}
