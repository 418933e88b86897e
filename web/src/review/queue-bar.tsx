import type { ResultOf } from 'gql.tada';
import { useEffect, useState } from 'react';

import './queue-bar.css';
import { ask } from '../graphql.js';
import { listen } from '../live.js';
import { QueueChanged, QueuesQuery } from './operations.js';

export type Queue = ResultOf<typeof QueuesQuery>['queues'][number];

/** One socket carries 20 subscriptions; the rest are for whatever else the page listens to. */
const MOST_WATCHED = 16;

/** The queues with their live counts. `onEvent` hears of every change in one of them. */
export function useQueues(onEvent: () => void): Queue[] {
  const [queues, setQueues] = useState<Queue[]>([]);
  const [round, setRound] = useState(0);
  const keys = queues.map((queue) => queue.key).join(' ');

  useEffect(() => {
    void ask(QueuesQuery, {}).then(
      (data) => setQueues(data.queues),
      () => undefined,
    );
  }, [round]);
  useEffect(() => {
    const readAnew = () => {
      setRound((count) => count + 1);
      onEvent();
    };
    const stops = keys
      .split(' ')
      .filter(Boolean)
      .slice(0, MOST_WATCHED)
      .map((queue) =>
        listen(
          QueueChanged,
          { queue },
          ({ queueChanged: { queue: changed } }) => {
            setQueues((all) => all.map((one) => (one.key === changed.key ? { ...one, stats: changed.stats } : one)));
            onEvent();
          },
          readAnew,
        ),
      );
    return () => stops.forEach((stop) => stop());
  }, [keys, onEvent]);
  return queues;
}

interface BarProps {
  queues: Queue[];
  chosen: string | null;
  onChoose: (key: string | null) => void;
}

/** Choosing a queue narrows what is claimed next. */
export function QueueBar({ queues, chosen, onChoose }: BarProps) {
  if (queues.length === 0) return null;
  return (
    <nav className="queues" aria-label="Queues">
      {queues.length > 1 && (
        <button type="button" className="queue" aria-pressed={chosen === null} onClick={() => onChoose(null)}>
          All <Count value={queues.reduce((sum, queue) => sum + queue.stats.open, 0)} />
        </button>
      )}
      {queues.map((queue) => (
        <button
          key={queue.key}
          type="button"
          className="queue"
          aria-pressed={chosen === queue.key || queues.length === 1}
          onClick={() => onChoose(queue.key)}
        >
          {queue.name} <Count value={queue.stats.open} />
          {queue.stats.overdue > 0 && <span className="count late">{queue.stats.overdue} late</span>}
        </button>
      ))}
    </nav>
  );
}

function Count({ value }: { value: number }) {
  return (
    <span className="count">
      {value.toLocaleString('en')}
      <span className="sr"> open</span>
    </span>
  );
}
