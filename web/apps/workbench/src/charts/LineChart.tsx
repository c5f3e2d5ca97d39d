import { useTranslation } from "@xingqu/i18n";
import { useId } from "react";
import { type Point, linePath, niceTicks, scale } from "./scale";
import "./charts.css";

export interface Series {
  name: string;
  points: Point[];
  dashed?: boolean;
}

interface LineChartProps {
  title: string;
  series: Series[];
  /** Words for a place on the horizontal axis, for example a day. */
  formatX: (x: number) => string;
  formatY: (y: number) => string;
  nameX: string;
}

const WIDTH = 640;
const HEIGHT = 220;
const LEFT = 56;
const RIGHT = 14;
const TOP = 10;
const BOTTOM = 28;

/** Lines over time. The numbers themselves stand in a table below, for readers of screens and for the curious. */
export function LineChart({ title, series, formatX, formatY, nameX }: LineChartProps) {
  const id = useId();
  const all = series.flatMap((each) => each.points);
  const xs = [...new Set(all.map((point) => point.x))].sort((a, b) => a - b);
  const ys = all.map((point) => point.y);
  const low = Math.min(...ys);
  // Counts and shares begin at nothing; what can be below it (a logarithm) has no such beginning.
  const ticks = niceTicks(low < 0 ? low : 0, Math.max(...ys));
  const x = scale(xs[0] ?? 0, xs.at(-1) ?? 1, LEFT, WIDTH - RIGHT);
  const y = scale(ticks[0]!, ticks.at(-1)!, HEIGHT - BOTTOM, TOP);
  const marks = xs.length > 1 ? [xs[0]!, xs[Math.floor((xs.length - 1) / 2)]!, xs.at(-1)!] : xs;
  return (
    <figure className="wb-chart">
      <figcaption id={id}>{title}</figcaption>
      <ul className="wb-chart-legend" aria-hidden>
        {series.map((each, place) => (
          <li key={each.name}>
            <svg width="22" height="10">
              <line x1="1" x2="21" y1="5" y2="5" className={`wb-line wb-hue-${place % 4}`} strokeDasharray={each.dashed ? "4 4" : undefined} />
            </svg>
            {each.name}
          </li>
        ))}
      </ul>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-labelledby={id} className="wb-chart-picture">
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(tick)} y2={y(tick)} className="wb-grid" />
            <text x={LEFT - 8} y={y(tick) + 4} textAnchor="end">
              {formatY(tick)}
            </text>
          </g>
        ))}
        {[...new Set(marks)].map((mark, place, shown) => (
          <text key={mark} x={x(mark)} y={HEIGHT - 8} textAnchor={shown.length === 1 || (place > 0 && place < shown.length - 1) ? "middle" : place ? "end" : "start"}>
            {formatX(mark)}
          </text>
        ))}
        {series.map((each, place) => (
          <g key={each.name} className={`wb-hue-${place % 4}`}>
            <path
              d={linePath(each.points.map((point) => ({ x: x(point.x), y: y(point.y) })))}
              className="wb-line"
              strokeDasharray={each.dashed ? "4 4" : undefined}
            />
            {each.points.length <= 60 &&
              each.points.map((point) => (
                <circle key={`${point.x}:${point.y}`} cx={x(point.x)} cy={y(point.y)} r={3} className="wb-dot">
                  <title>{`${each.name}, ${formatX(point.x)}: ${formatY(point.y)}`}</title>
                </circle>
              ))}
          </g>
        ))}
      </svg>
      <Numbers title={title} series={series} xs={xs} formatX={formatX} formatY={formatY} nameX={nameX} />
    </figure>
  );
}

function Numbers({ title, series, xs, formatX, formatY, nameX }: LineChartProps & { xs: number[] }) {
  const { t } = useTranslation();
  return (
    <details className="wb-numbers">
      <summary>{t("charts.numbers")}</summary>
      <div className="wb-scroll">
        <table>
          <caption>{title}</caption>
          <thead>
            <tr>
              <th scope="col">{nameX}</th>
              {series.map((each) => (
                <th scope="col" key={each.name}>
                  {each.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {xs.map((x) => (
              <tr key={x}>
                <th scope="row">{formatX(x)}</th>
                {series.map((each) => {
                  const point = each.points.find((one) => one.x === x);
                  return <td key={each.name}>{point ? formatY(point.y) : "–"}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
