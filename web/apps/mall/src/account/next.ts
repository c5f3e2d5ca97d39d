/** Only addresses of this site: a link must not lead elsewhere after the sign-in. */
export function safeNext(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) ? next : "/";
}

/** Whether an address of this site belongs to another application than the mall. */
export function leavesTheMall(next: string): boolean {
  return /^\/(workbench|admin)(?=[/?#]|$)/.test(next);
}
