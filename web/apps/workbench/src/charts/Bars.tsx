import type { ReactNode } from "react";
import "./charts.css";

export interface Bar {
  key: string;
  label: ReactNode;
  /** One to three numbers in the unit of `most`; drawn one below the other. */
  values: number[];
  words: string;
  note?: ReactNode;
}

interface BarsProps {
  title: string;
  bars: Bar[];
  /** Names of the numbers of each bar, for the legend. */
  names: string[];
  most?: number;
}

/** Horizontal bars as a list that reads as sentences; the drawing is for the eye. */
export function Bars({ title, bars, names, most }: BarsProps) {
  const top = most ?? Math.max(1e-9, ...bars.flatMap((bar) => bar.values));
  return (
    <div className="wb-bars">
      {names.length > 1 && bars.length > 0 && (
        <ul className="wb-chart-legend" aria-hidden>
          {names.map((name, place) => (
            <li key={name}>
              <span className={`wb-swatch wb-hue-${place % 4}`} />
              {name}
            </li>
          ))}
        </ul>
      )}
      <ul aria-label={title}>
        {bars.map((bar) => (
          <li key={bar.key}>
            <span className="wb-bar-label">{bar.label}</span>
            <span className="wb-bar-track" aria-hidden>
              {bar.values.map((value, place) => (
                <span key={names[place]} className={`wb-bar wb-hue-${place % 4}`} style={{ width: `${Math.max(0, Math.min(100, (100 * value) / top))}%` }} />
              ))}
            </span>
            <span className="wb-bar-words">{bar.words}</span>
            {bar.note}
          </li>
        ))}
      </ul>
    </div>
  );
}
