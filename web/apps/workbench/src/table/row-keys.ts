import type { KeyboardEvent } from "react";
import { isJump } from "../app/shortcuts";

interface RowActions {
  open: () => void;
  toggle: () => void;
}

/** Arrow keys (or j and k) walk through the rows, Enter opens, space or x ticks; keys inside a row's own fields are theirs. */
export function onRowKey(event: KeyboardEvent<HTMLElement>, actions: RowActions): void {
  if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey || isJump(event)) return;
  const row = event.currentTarget;
  const beside = (forward: boolean) => {
    let next = forward ? row.nextElementSibling : row.previousElementSibling;
    while (next && !(next instanceof HTMLElement && next.tabIndex >= 0)) next = forward ? next.nextElementSibling : next.previousElementSibling;
    return next as HTMLElement | null;
  };
  if (event.key === "ArrowDown" || event.key === "j") beside(true)?.focus();
  else if (event.key === "ArrowUp" || event.key === "k") beside(false)?.focus();
  else if (event.key === "Enter") actions.open();
  else if (event.key === " " || event.key === "x") actions.toggle();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
