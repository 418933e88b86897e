import { useState } from 'react';

import { Chart } from './chart.js';
import type { Trends, Version } from './operations.js';
import { weeksOf } from './weeks.js';
import { count, share } from './words.js';

const MOST_LINES = 5;
const WEEK_MS = 7 * 86_400_000;
const KINDS = [
  { kind: 'MODEL', name: 'Model' },
  { kind: 'PROMPT', name: 'Prompt' },
] as const;

/** How often people had to correct what each version said: what a new version is judged by. */
export function Corrections({ trends, isLong }: { trends: Trends; isLong: boolean }) {
  const [kind, setKind] = useState<'MODEL' | 'PROMPT'>('MODEL');
  const versions = trends.versions.filter((version) => version.kind === kind);
  const days = trends.days.map(({ day }) => Date.parse(day));
  const starts = isLong ? weeksOf(days) : days;
  const noun = kind === 'MODEL' ? 'model' : 'prompt';
  return (
    <section className="panel">
      <div className="heading">
        <h2>Corrections by version</h2>
        <span className="choices" role="group" aria-label="Versions of">
          {KINDS.map((one) => (
            <button key={one.kind} type="button" aria-pressed={kind === one.kind} onClick={() => setKind(one.kind)}>
              {one.name}
            </button>
          ))}
        </span>
      </div>
      <Chart
        title={`Share of answered outputs that were corrected, by the ${isLong ? 'week' : 'day'} they arrived`}
        days={starts}
        series={versions.slice(0, MOST_LINES).map((version) => ({
          name: nameOf(version),
          values: starts.map((start, i) => rate(version, start, starts[i + 1] ?? start + WEEK_MS)),
        }))}
        format={share}
        nothing={
          versions.length === 0
            ? `Nothing that was answered in this time names its ${noun}.`
            : 'Nothing had to be corrected in this time.'
        }
      />
      {versions.length > 0 && <VersionTable versions={versions} noun={noun} />}
    </section>
  );
}

function VersionTable({ versions, noun }: { versions: readonly Version[]; noun: string }) {
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={`Corrections by ${noun}`}>
      <table className="list">
        <thead>
          <tr>
            <th scope="col">{noun === 'model' ? 'Model' : 'Prompt'}</th>
            <th scope="col" className="number">
              Answered
            </th>
            <th scope="col" className="number">
              Corrected
            </th>
            <th scope="col" className="number">
              Rejected
            </th>
            <th scope="col" className="number">
              Correction rate
            </th>
          </tr>
        </thead>
        <tbody>
          {versions.map((version) => (
            <tr key={nameOf(version)}>
              <th scope="row">{nameOf(version)}</th>
              <td className="number">{count(version.confirmed + version.corrected + version.rejected)}</td>
              <td className="number">{count(version.corrected)}</td>
              <td className="number">{count(version.rejected)}</td>
              <td className="number">{share(version.correctionRate)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function nameOf({ version: { name, version } }: Version): string {
  return `${name} ${version}`;
}

/** Over the days from `start` to before `end`; null when nothing of them is answered. */
function rate({ days }: Version, start: number, end: number): number | null {
  const within = days.filter(({ day }) => Date.parse(day) >= start && Date.parse(day) < end);
  const corrected = within.reduce((sum, one) => sum + one.corrected, 0);
  const all = within.reduce((sum, one) => sum + one.confirmed + one.corrected + one.rejected, 0);
  return all === 0 ? null : corrected / all;
}
