/** The filters of an address without what belongs to the moment: the row that is open, a dialog. */
export function viewQuery(params: URLSearchParams, transient: readonly string[]): string {
  const kept = new URLSearchParams();
  for (const [name, value] of params) if (!transient.includes(name)) kept.append(name, value);
  return kept.toString();
}

/** What a table opens with: its default view, unless the address already says something. */
export function openingQuery(current: string, plain: string, views: readonly { query: string; is_default: boolean }[]): string | null {
  if (current !== plain) return null;
  const first = views.find((view) => view.is_default);
  return first && first.query !== current ? first.query : null;
}
