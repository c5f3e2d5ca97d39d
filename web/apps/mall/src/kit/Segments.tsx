interface Segment<K extends string> {
  key: K;
  label: string;
  badge?: number;
}

/** A row of tabs that scrolls sideways when it doesn't fit. Arrow keys move between them. */
export function Segments<K extends string>({
  items,
  value,
  onChange,
  label,
  className = "",
}: {
  items: Segment<K>[];
  value: K;
  onChange: (key: K) => void;
  label: string;
  className?: string;
}) {
  const move = (step: number) => {
    const at = items.findIndex((item) => item.key === value);
    const next = items[(at + step + items.length) % items.length];
    if (next) onChange(next.key);
  };
  return (
    <div className={`segments ${className}`} role="tablist" aria-label={label}>
      {items.map((item) => (
        <button
          key={item.key}
          type="button"
          role="tab"
          aria-selected={item.key === value}
          tabIndex={item.key === value ? 0 : -1}
          onClick={() => onChange(item.key)}
          onKeyDown={(event) => {
            if (event.key === "ArrowRight") move(1);
            if (event.key === "ArrowLeft") move(-1);
          }}
          data-testid={`tab-${item.key}`}
        >
          {item.label}
          {item.badge ? <b className="badge">{item.badge > 99 ? "99+" : item.badge}</b> : null}
        </button>
      ))}
    </div>
  );
}
