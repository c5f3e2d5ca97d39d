import { scale } from "./scale";
import "./charts.css";

export interface Interval {
  key: string;
  label: string;
  low: number;
  value: number;
  high: number;
  /** Where everything lies on average. */
  expected: number | null;
  words: string;
}

/** Rates with their confidence: a dot, the interval as a line, and a mark for what is usual. */
export function Intervals({ title, rows }: { title: string; rows: Interval[] }) {
  return (
    <ul className="wb-intervals" aria-label={title}>
      {rows.map((row) => {
        const top = Math.max(row.high, row.expected ?? 0, 1e-9) * 1.05;
        const x = scale(0, top, 4, 196);
        return (
          <li key={row.key}>
            <span className="wb-bar-label">{row.label}</span>
            <svg viewBox="0 0 200 20" aria-hidden className="wb-interval">
              <line x1={x(0)} x2={x(top)} y1={10} y2={10} className="wb-grid" />
              <line x1={x(row.low)} x2={x(row.high)} y1={10} y2={10} className="wb-line wb-hue-0" />
              <circle cx={x(row.value)} cy={10} r={4.5} className="wb-dot wb-hue-0" />
              {row.expected !== null && <line x1={x(row.expected)} x2={x(row.expected)} y1={2} y2={18} className="wb-expected" />}
            </svg>
            <span className="wb-bar-words">{row.words}</span>
          </li>
        );
      })}
    </ul>
  );
}
