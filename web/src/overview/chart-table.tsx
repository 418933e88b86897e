import type { Series } from './chart.js';
import { day } from './words.js';

interface TableProps {
  readonly title: string;
  readonly days: readonly number[];
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
}

const DAY_MS = 86_400_000;

/** The same values in rows, the newest first. Days on which nothing happened are left out. */
export function ChartTable({ title, days, series, format }: TableProps) {
  const told = days.map((_, i) => i).filter((i) => series.some(({ values }) => values[i]));
  const isWeekly = days.length > 1 && days.at(-1)! - days.at(-2)! > DAY_MS;
  return (
    <details className="behind">
      <summary>Table</summary>
      <div className="scroll" tabIndex={0} role="region" aria-label={`${title}, as a table`}>
        <table>
          <thead>
            <tr>
              <th scope="col">{isWeekly ? 'Week from (UTC)' : 'Day (UTC)'}</th>
              {series.map(({ name }) => (
                <th key={name} scope="col" className="number">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {told.toReversed().map((i) => (
              <tr key={i}>
                <th scope="row">{day(days[i]!)}</th>
                {series.map(({ name, values }) => (
                  <td key={name} className="number">
                    {values[i] == null ? '–' : format(values[i])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
