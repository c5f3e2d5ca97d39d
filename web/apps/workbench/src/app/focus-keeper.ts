const REMEMBERED = 20;

/**
 * Gives the focus back when the dialog that has it goes: to where one was before, or else to the page.
 * antd does so only for dialogs that stay mounted; those of this app are mounted when they are opened.
 * Returns what ends it.
 */
export function keepFocus(page: Document): () => void {
  let been: HTMLElement[] = [];
  const onFocus = (event: FocusEvent) => {
    if (event.target instanceof HTMLElement) been = [...been.filter((each) => each !== event.target), event.target].slice(-REMEMBERED);
  };
  const giveBack = () => {
    const last = been.at(-1);
    if (!last || last.isConnected || (page.activeElement !== null && page.activeElement !== page.body)) return;
    been = been.filter((each) => each.isConnected);
    const before = been.findLast((each) => each.checkVisibility?.() ?? true) ?? page.getElementById("main");
    before?.focus({ preventScroll: true });
  };
  page.addEventListener("focusin", onFocus);
  // Dialogs hang at the foot of the page, each in a box of its own.
  const watch = new MutationObserver(giveBack);
  watch.observe(page.body, { childList: true });
  return () => {
    page.removeEventListener("focusin", onFocus);
    watch.disconnect();
  };
}
