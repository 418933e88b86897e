import { useEffect, useState } from 'react';
import { Link, Route, Switch, useLocation, useSearchParams } from 'wouter';

import { listen } from '../../live.js';
import { useReading } from '../../reading.js';
import type { Who } from '../../session.js';
import { useChoices } from '../items/use-choices.js';
import '../items.css';
import '../parts.css';
import { Empty, Trouble, Waiting } from '../states.js';
import { Accuracy } from './accuracy.js';
import './gold.css';
import { GoldList } from './gold-list.js';
import { NewGold } from './new-gold.js';
import { GoldQuery, type GoldQueue, PausesQuery, ReviewerPaused } from './operations.js';
import { Paused } from './paused.js';

/** Outputs whose right answer is known: who is right how often, and who is paused for it. */
export function GoldPage({ who }: { who: Who }) {
  const [params, setParams] = useSearchParams();
  const { queues } = useChoices(who);
  const queue = params.get('queue') ?? queues[0]?.key ?? null;
  const pauses = useReading(PausesQuery, {});
  const [changes, setChanges] = useState(0);
  // The subscription goes on from event to event by itself: only the first end of the log is of interest.
  const [after, setAfter] = useState<string>();
  if (after === undefined && pauses.data) setAfter(pauses.data.log.end);
  const { again } = pauses;
  useEffect(() => {
    if (after === undefined) return undefined;
    const readAnew = () => {
      void again();
      setChanges((count) => count + 1);
    };
    return listen(ReviewerPaused, { after }, readAnew, readAnew);
  }, [after, again]);
  return (
    <Switch>
      <Route path="/manage/gold/new">{queue && <NewGold key={queue} queueKey={queue} />}</Route>
      <Route>
        <main className="manage gold">
          <div className="head">
            <h1>Known answers</h1>
            <span className="grow" />
            {queues.length > 1 && (
              <label className="check-row quiet">
                Queue
                <select
                  value={queue ?? ''}
                  onChange={({ target }) => setParams({ queue: target.value }, { replace: true })}
                >
                  {queues.map(({ key, name }) => (
                    <option key={key} value={key}>
                      {name}
                    </option>
                  ))}
                </select>
              </label>
            )}
          </div>
          {pauses.error && <Trouble error={pauses.error} onRetry={again} />}
          {pauses.data && <Paused pauses={pauses.data.pauses} onResumed={again} />}
          {queue === null ? (
            <Empty>There are no queues yet.</Empty>
          ) : (
            <OfQueue key={queue} id={queue} changes={changes} />
          )}
        </main>
      </Route>
    </Switch>
  );
}

function OfQueue({ id, changes }: { id: string; changes: number }) {
  const { data, error, again } = useReading(GoldQuery, { queue: id });
  const [, go] = useLocation();
  useEffect(() => void (changes > 0 && again()), [changes, again]);
  if (!data) return error ? <Trouble error={error} onRetry={again} /> : <Waiting />;
  if (!data.queue) return <Empty>There is no such queue.</Empty>;
  return (
    <>
      <Rule queue={data.queue} count={data.gold.filter(({ retiredAt }) => retiredAt === null).length} />
      <Accuracy queue={data.queue} changes={changes} />
      <section aria-labelledby="gold-title" className="pile">
        <div className="head">
          <h2 id="gold-title">Known answers of {data.queue.name}</h2>
          <span className="grow" />
          <button type="button" className="primary" onClick={() => go(`/manage/gold/new?queue=${id}`)}>
            Write one
          </button>
        </div>
        <GoldList gold={data.gold} queue={data.queue} onChange={again} />
      </section>
    </>
  );
}

/** What the queue does with them. */
function Rule({ queue, count }: { queue: GoldQueue; count: number }) {
  const { rate, bar, minimum } = queue.gold;
  const percent = (share: number) => `${Number((share * 100).toFixed(1))} %`;
  const tested =
    rate === 0
      ? 'None are mixed in: the share of known answers is 0.'
      : count === 0
        ? `${percent(rate)} of what a reviewer claims would be a known answer, but there are none yet.`
        : `${percent(rate)} of what a reviewer claims is a known answer, as long as there are some they have not seen.`;
  const paused =
    bar === 0
      ? 'Nobody is paused, however often they are wrong.'
      : `Who is right less than ${percent(bar)} of the time, after ${minimum} of them, is paused.`;
  return (
    <p className="quiet">
      {tested} {paused} <Link href={`/manage/queues/${queue.key}#part-gold`}>Change that</Link>
    </p>
  );
}
