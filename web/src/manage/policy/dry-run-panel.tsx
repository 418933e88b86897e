import { useState } from 'react';

import { type ApiError, apiError, ask } from '../../graphql.js';
import { spanOf } from '../reviews-side.js';
import { Trouble, When } from '../states.js';
import { type DryRun, DryRunQuery } from './operations.js';

const number = (n: number) => n.toLocaleString('en');
const DAYS = [1, 7, 14, 30, 90];

/** What the rules, as they are being written, would have done with what was flagged in the last days. */
export function DryRunPanel({ rules, isSound }: { rules: object[]; isSound: boolean }) {
  const [days, setDays] = useState(7);
  const [run, setRun] = useState<{ answer: DryRun; of: string } | null>(null);
  const [failed, setFailed] = useState<{ error: ApiError; of: string } | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const now = JSON.stringify(rules);
  // What was wrong with other rules than these says nothing any more.
  const error = failed?.of === now ? failed.error : null;
  const start = async () => {
    setIsBusy(true);
    setFailed(null);
    try {
      const { policyDryRun } = await ask(DryRunQuery, { input: { rules, days } });
      setRun({ answer: policyDryRun, of: now });
    } catch (failure) {
      setFailed({ error: apiError(failure), of: now });
    }
    setIsBusy(false);
  };
  return (
    <section className="panel pile" aria-labelledby="dry-run-title">
      <h2 id="dry-run-title">What these rules would have done</h2>
      <div className="row">
        <label className="check-row">
          In the last
          <select value={days} onChange={({ target }) => setDays(Number(target.value))}>
            {DAYS.map((count) => (
              <option key={count} value={count}>
                {count === 1 ? 'day' : `${count} days`}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          disabled={isBusy || !isSound}
          aria-describedby="dry-run-state"
          onClick={() => void start()}
        >
          {isBusy ? 'Counting…' : 'Try'}
        </button>
      </div>
      <p id="dry-run-state" className="quiet" hidden={isSound}>
        Once what is marked in the rules is put right.
      </p>
      {error && isSound && <Trouble error={error} onRetry={() => void start()} />}
      {run && isSound && run.of !== now && <p className="quiet">The rules have changed since; try again.</p>}
      {run && <Outcome run={run.answer} />}
    </section>
  );
}

function Outcome({ run }: { run: DryRun }) {
  if (run.outputs === 0) {
    return (
      <p>
        No policy decided anything in this time.{' '}
        {run.named > 0 && `${number(run.named)} outputs came with a queue that the app named.`}
      </p>
    );
  }
  const hours = run.queues.reduce((sum, { reviewHours }) => sum + (reviewHours ?? 0), 0);
  const isHoursWhole = run.queues.every(({ reviewHours, outputs }) => reviewHours !== null || outputs === 0);
  return (
    <div className="pile" role="status">
      <p>
        Of <strong>{number(run.outputs)}</strong> outputs <strong>{number(run.reviewed)}</strong> would have gone to
        review ({percent(run.reviewed / run.outputs)}); by the rules of the time {number(run.reviewedThen)} did.{' '}
        {hours > 0 && (
          <>
            That is about <strong>{hoursOf(hours)}</strong> of review{isHoursWhole ? '' : ', and more'}.
          </>
        )}
      </p>
      <div className="scroll edged" tabIndex={0} role="region" aria-label="By rule">
        <table className="list">
          <thead>
            <tr>
              <th scope="col">Rule</th>
              <th scope="col" className="number">
                Outputs
              </th>
              <th scope="col" className="number">
                Share
              </th>
              <th scope="col">By day</th>
            </tr>
          </thead>
          <tbody>
            {run.rules.map((rule) => (
              <tr key={rule.name}>
                <th scope="row">
                  {rule.name} <span className="quiet small">{rule.queue ? `to ${rule.queue}` : 'passes'}</span>
                  {rule.broken > 0 && <span className="tag bad">broke on {number(rule.broken)}</span>}
                </th>
                <td className="number">{number(rule.outputs)}</td>
                <td className="number">{percent(rule.outputs / run.outputs)}</td>
                <td>
                  <Days days={rule.days} name={rule.name} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="scroll edged" tabIndex={0} role="region" aria-label="By queue">
        <table className="list">
          <thead>
            <tr>
              <th scope="col">Queue</th>
              <th scope="col" className="number">
                Items
              </th>
              <th scope="col" className="number">
                Reviews
              </th>
              <th scope="col" className="number">
                Each takes
              </th>
              <th scope="col" className="number">
                Hours
              </th>
            </tr>
          </thead>
          <tbody>
            {run.queues.map((queue) => (
              <tr key={queue.key}>
                <th scope="row">{queue.key}</th>
                <td className="number">{number(queue.outputs)}</td>
                <td className="number">{number(queue.outputs * queue.reviewsEach)}</td>
                <td className="number">{queue.reviewMedianMs === null ? '–' : spanOf(queue.reviewMedianMs)}</td>
                <td className="number">{queue.reviewHours === null ? 'not known' : hoursOf(queue.reviewHours)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="quiet">
        Hours are reviews × the median time of a review of that queue in the last 90 days; a queue without reviews has
        none yet. {run.named > 0 && `Left out: ${number(run.named)} outputs whose queue the app named. `}
        {run.sampleRate < 1 &&
          `Numbers are estimates from ${number(run.sampled)} outputs, a sample of ${percent(run.sampleRate)}. `}
        {Date.parse(run.from) < Date.parse(run.passesKeptSince) && (
          <>
            What passed before <When at={run.passesKeptSince} /> is no longer remembered, so of earlier days only what
            was reviewed counts.
          </>
        )}
      </p>
    </div>
  );
}

/** A bar for each day. The numbers are in its title and for screen readers. */
function Days({ days, name }: { days: DryRun['rules'][number]['days']; name: string }) {
  const most = Math.max(1, ...days.map(({ outputs }) => outputs));
  const label = days.map(({ day, outputs }) => `${day.slice(5, 10)}: ${outputs}`).join(', ');
  return (
    <svg
      className="days"
      preserveAspectRatio="none"
      viewBox={`0 0 ${days.length * 4} 20`}
      role="img"
      aria-label={`${name} by day: ${label}`}
    >
      <title>{label}</title>
      {days.map(({ day, outputs }, i) => {
        const height = (outputs / most) * 20;
        return <rect key={day} x={i * 4} y={20 - height} width="3" height={height} />;
      })}
    </svg>
  );
}

function percent(share: number): string {
  const value = share * 100;
  return `${value > 0 && value < 1 ? value.toPrecision(2) : Math.round(value)} %`;
}

function hoursOf(hours: number): string {
  if (hours > 0 && hours < 1) return `${Math.max(1, Math.round(hours * 60))} min`;
  return `${number(Number(hours.toPrecision(hours < 10 ? 2 : 3)))} h`;
}
