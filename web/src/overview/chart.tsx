import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { type KeyboardEvent, type PointerEvent, useEffect, useId, useRef, useState } from 'react';

import './chart.css';
import { ChartTable } from './chart-table.js';
import { day } from './words.js';

export interface Series {
  readonly name: string;
  /** One value for each of the chart's days; null where there is none. */
  readonly values: readonly (number | null)[];
  /** Bars for what is counted, a line for what is measured. */
  readonly kind?: 'bars' | 'line';
}

interface ChartProps {
  readonly title: string;
  /** When each day, or week, begins. */
  readonly days: readonly number[];
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
  /** Round values from 0 to at least `most`; left out, those of the decimal system. */
  readonly ticks?: (most: number) => readonly number[];
  /** Shown instead of a chart that has nothing to show. */
  readonly nothing: string;
}

const HEIGHT = 220;
const MARGIN = { top: 12, right: 22, bottom: 26, left: 52 };
const decimal = (most: number) =>
  scaleLinear([0, most || 1], [0, 1])
    .nice(4)
    .ticks(4);

/**
 * Values over days, drawn as SVG so that styles and themes reach it. It can be read without seeing it: by arrow keys,
 * which tell one day at a time, and as the table behind it.
 */
export function Chart({ title, days, series, format, ticks: ticksOf = decimal, nothing }: ChartProps) {
  const heading = useId();
  const [frame, width] = useWidth();
  const [at, setAt] = useState<number | null>(null);
  const all = series.flatMap(({ values }) => values.filter((value) => value !== null));
  if (all.every((value) => value === 0)) {
    return (
      <figure className="chart" aria-labelledby={heading}>
        <figcaption id={heading}>{title}</figcaption>
        <p className="quiet">{nothing}</p>
      </figure>
    );
  }
  const ticks = ticksOf(Math.max(...all));
  const y = scaleLinear([0, ticks.at(-1)!], [HEIGHT - MARGIN.bottom, MARGIN.top]);
  const step = (width - MARGIN.left - MARGIN.right) / days.length;
  const x = (index: number) => MARGIN.left + step * (index + 0.5);
  const move = (by: number) => setAt((now) => Math.min(days.length - 1, Math.max(0, (now ?? days.length - 1) + by)));
  const onKey = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, Home: -days.length, End: days.length }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    move(by);
  };
  const onPointer = (event: PointerEvent<SVGSVGElement>) => {
    const from = event.currentTarget.getBoundingClientRect().left + MARGIN.left;
    setAt(Math.min(days.length - 1, Math.max(0, Math.floor((event.clientX - from) / step))));
  };
  const shown = at === null ? null : Math.min(at, days.length - 1);
  return (
    <figure className="chart" aria-labelledby={heading}>
      <figcaption id={heading}>{title}</figcaption>
      <ul className="legend">
        {series.map(({ name, kind, values }, i) => (
          <li key={name} className={`s${i} ${kind ?? 'line'}`}>
            <svg viewBox="0 0 22 10" width="22" height="10" aria-hidden="true">
              {kind === 'bars' ? <rect x="4" y="0" width="14" height="10" rx="2" /> : <path d="M1 5H21" />}
            </svg>
            {name}
            {shown !== null && <b>{values[shown] == null ? '–' : format(values[shown])}</b>}
          </li>
        ))}
        <li className="when quiet">{shown === null ? '' : day(days[shown]!)}</li>
      </ul>
      <div
        ref={frame}
        className="plot"
        role="slider"
        tabIndex={0}
        aria-label={`${title}: day by day with the arrow keys`}
        aria-valuemin={0}
        aria-valuemax={days.length - 1}
        aria-valuenow={shown ?? days.length - 1}
        aria-valuetext={spoken(days, series, format, shown ?? days.length - 1)}
        onKeyDown={onKey}
        onBlur={() => setAt(null)}
      >
        <svg
          width={width}
          height={HEIGHT}
          viewBox={`0 0 ${width} ${HEIGHT}`}
          aria-hidden="true"
          onPointerMove={onPointer}
          onPointerLeave={() => setAt(null)}
        >
          {ticks.map((tick) => (
            <g key={tick} className="tick">
              <path d={`M${MARGIN.left} ${y(tick)}H${width - MARGIN.right}`} />
              <text x={MARGIN.left - 8} y={y(tick)} dy="0.32em" textAnchor="end">
                {format(tick)}
              </text>
            </g>
          ))}
          {dayTicks(days, width).map((index) => (
            <text key={index} className="tick" x={x(index)} y={HEIGHT - 6} textAnchor="middle">
              {day(days[index]!)}
            </text>
          ))}
          {shown !== null && <path className="cursor" d={`M${x(shown)} ${MARGIN.top}V${HEIGHT - MARGIN.bottom}`} />}
          {series.map(({ name, kind, values }, i) => (
            <g key={name} className={`s${i} ${kind ?? 'line'}`}>
              {kind === 'bars' ? (
                <Bars values={values} x={x} y={y} width={Math.max(1.5, Math.min(26, step * 0.62))} />
              ) : (
                <Line values={values} x={x} y={y} shown={shown} />
              )}
            </g>
          ))}
        </svg>
      </div>
      <ChartTable title={title} days={days} series={series} format={format} />
    </figure>
  );
}

interface MarksProps {
  readonly values: readonly (number | null)[];
  readonly x: (index: number) => number;
  readonly y: (value: number) => number;
}

function Bars({ values, x, y, width }: MarksProps & { width: number }) {
  return values.map((value, i) =>
    value ? (
      <rect
        key={i}
        x={x(i) - width / 2}
        y={y(value)}
        width={width}
        height={y(0) - y(value)}
        rx={Math.min(3, width / 3)}
      />
    ) : null,
  );
}

/** A value without neighbours would be no line at all, so it is a dot. */
function Line({ values, x, y, shown }: MarksProps & { shown: number | null }) {
  const path = line<number | null>()
    .defined((value) => value !== null)
    .x((_, i) => x(i))
    .y((value) => y(value ?? 0));
  const isAlone = (i: number) => values[i] != null && values[i - 1] == null && values[i + 1] == null;
  return (
    <>
      <path className="halo" d={path(values) ?? ''} />
      <path d={path(values) ?? ''} />
      {values.map((value, i) =>
        value !== null && (isAlone(i) || i === shown) ? (
          <circle key={i} cx={x(i)} cy={y(value)} r={i === shown ? 4 : 2.5} />
        ) : null,
      )}
    </>
  );
}

/** As many dates as have room, evenly and with the last one. */
function dayTicks(days: readonly number[], width: number): number[] {
  const every = Math.ceil(days.length / Math.max(2, Math.floor(width / 90)));
  return days.flatMap((_, i) => ((days.length - 1 - i) % every === 0 ? i : []));
}

function spoken(days: readonly number[], series: readonly Series[], format: ChartProps['format'], at: number): string {
  const told = series.map(({ name, values }) => `${name} ${values[at] == null ? 'none' : format(values[at])}`);
  return `${day(days[at]!)}: ${told.join(', ')}`;
}

function useWidth() {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(640);
  useEffect(() => {
    if (!frame.current) return;
    const observer = new ResizeObserver(
      ([entry]) => entry && setWidth(Math.max(240, Math.floor(entry.contentRect.width))),
    );
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);
  return [frame, width] as const;
}
