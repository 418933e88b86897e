import { useState } from 'react';

import { Shown, useReading } from '../reading.js';
import type { Who } from '../session.js';
import { Corrections } from './corrections.js';
import { Flow } from './flow.js';
import { useChanges } from './live-readings.js';
import { StandingQuery, TrendsQuery } from './operations.js';
import './overview.css';
import { Reviewers } from './reviewers.js';
import { Standing } from './standing.js';
import { QueueTable } from './queue-table.js';

const PERIODS = [7, 30, 90] as const;
/** A longer period is shown by weeks. */
const LONG = 45;
const DAY_MS = 86_400_000;
const NOW_MS = 1_000;
const TRENDS_MS = 4_000;

/** Whether the loop works: what waits, how it goes, how good the answers are and who gives them. */
export function OverviewPage({ who }: { who: Who }) {
  const [days, setDays] = useState<number>(30);
  const [queue, setQueue] = useState<string | null>(null);
  // Whole days of UTC, today as the last one.
  const from = new Date((Math.floor(Date.now() / DAY_MS) - days + 1) * DAY_MS).toISOString();
  const standing = useReading(StandingQuery, {});
  const trends = useReading(TrendsQuery, { queue, from });
  const queues = standing.data?.queues ?? [];
  const asked = queue === null ? queues : queues.filter(({ key }) => key === queue);
  const after = standing.data?.log.end;
  const watch = (some: typeof queues) => (after === undefined ? null : { keys: some.map(({ key }) => key), after });
  useChanges(watch(queues), NOW_MS, standing.again);
  useChanges(watch(asked), TRENDS_MS, trends.again);

  return (
    <main className="manage overview">
      <header className="heading">
        <h1>Overview</h1>
        {queues.length > 1 && (
          <label>
            <span className="sr">Queue</span>
            <select value={queue ?? ''} onChange={(event) => setQueue(event.target.value || null)}>
              <option value="">All queues</option>
              {queues.map(({ key, name }) => (
                <option key={key} value={key}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        <span className="choices" role="group" aria-label="Period">
          {PERIODS.map((period) => (
            <button key={period} type="button" aria-pressed={days === period} onClick={() => setDays(period)}>
              {period} days
            </button>
          ))}
        </span>
      </header>
      <Shown reading={standing}>
        {() =>
          queues.length === 0 ? (
            <p className="quiet">There is no queue yet, so nothing can wait.</p>
          ) : (
            <Standing queues={asked} trends={trends.data?.queueTrends ?? null} />
          )
        }
      </Shown>
      {queues.length > 0 && (
        <Shown reading={trends}>
          {({ queueTrends }) => (
            <>
              <Flow trends={queueTrends} isLong={days > LONG} />
              <Corrections key={queue} trends={queueTrends} isLong={days > LONG} />
            </>
          )}
        </Shown>
      )}
      {queues.length > 0 && <QueueTable queues={asked} from={from} />}
      {queues.length > 0 && who.role !== 'VIEWER' && <Reviewers queue={queue} from={from} watched={watch(asked)} />}
    </main>
  );
}
