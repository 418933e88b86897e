import { useEffect, useState } from 'react';

import { Shown, useReading } from '../../reading.js';
import { type AccuracyRow, AccuracyQuery, type GoldQueue } from './operations.js';

const DAY_MS = 86_400_000;
const YEAR_DAYS = 365;
/** The figures follow the log, which tells of the change. */
const BEHIND_MS = 500;

/** How often each reviewer was right where the answer was known, and how sure that is. */
export function Accuracy({ queue, changes }: { queue: GoldQueue; changes: number }) {
  // Whole days of UTC, so that the question stays the same while the page is looked at.
  const [from] = useState(() => new Date((Math.floor(Date.now() / DAY_MS) - YEAR_DAYS) * DAY_MS).toISOString());
  const reading = useReading(AccuracyQuery, { queue: queue.key, from });
  const { again } = reading;
  useEffect(() => {
    if (changes === 0) return undefined;
    const timer = setTimeout(() => void again(), BEHIND_MS);
    return () => clearTimeout(timer);
  }, [changes, again]);
  return (
    <section className="panel" aria-labelledby="accuracy-title">
      <h2 id="accuracy-title">Who was right</h2>
      <Shown reading={reading}>
        {({ reviewerStats }) => {
          const rows = reviewerStats.filter(({ gold }) => gold && gold.answered > 0);
          if (rows.length === 0) return <p className="quiet">Nobody has answered a known one in the last year.</p>;
          return (
            <>
              <div className="scroll" tabIndex={0} role="region" aria-label="Accuracy per reviewer">
                <table className="accuracy">
                  <thead>
                    <tr>
                      <th scope="col">Reviewer</th>
                      <th scope="col" className="number">
                        Right
                      </th>
                      <th scope="col" className="number">
                        Share
                      </th>
                      <th scope="col" className="number">
                        95 % interval
                      </th>
                      <th scope="col" className="wide-only" aria-label="Drawn" />
                    </tr>
                  </thead>
                  <tbody>
                    {rows.map((row) => (
                      <Row key={row.member.id} row={row} bar={queue.gold.bar} />
                    ))}
                  </tbody>
                </table>
              </div>
              <p className="quiet">
                Of the last year. The interval is where the true share lies in 95 of 100 such cases: few answers say
                little. {queue.gold.bar > 0 && 'The upright line is the bar below which somebody is paused.'}
              </p>
            </>
          );
        }}
      </Shown>
    </section>
  );
}

function Row({ row: { member, gold }, bar }: { row: AccuracyRow; bar: number }) {
  const { answered, right, accuracy, low, high, pausedAt } = gold!;
  const percent = (share: number | null) => (share === null ? '–' : `${Math.round(share * 100)} %`);
  return (
    <tr>
      <th scope="row">
        {member.name} {pausedAt && <span className="tag warn">paused</span>}
      </th>
      <td className="number">
        {right} of {answered}
      </td>
      <td className="number">{percent(accuracy)}</td>
      <td className="number">
        {percent(low)} to {percent(high)}
      </td>
      <td className="wide-only">
        <svg viewBox="0 0 200 16" width="200" height="16" aria-hidden="true">
          <line className="axis" x1="0" x2="200" y1="8" y2="8" />
          {low !== null && high !== null && <line className="span" x1={low * 200} x2={high * 200} y1="8" y2="8" />}
          {bar > 0 && <line className="bar-line" x1={bar * 200} x2={bar * 200} y1="1" y2="15" />}
          {accuracy !== null && <circle cx={Math.min(196, Math.max(4, accuracy * 200))} cy="8" r="4" />}
        </svg>
      </td>
    </tr>
  );
}
