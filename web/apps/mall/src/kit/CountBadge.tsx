/** A count on an icon or at the end of a row; nothing for none. */
export function CountBadge({ count, label }: { count: number; label?: string }) {
  if (count === 0) return null;
  return (
    <b className="badge" aria-label={label}>
      {count > 99 ? "99+" : count}
    </b>
  );
}
