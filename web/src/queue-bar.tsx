import type { ResultOf } from 'gql.tada';
import { useEffect, useState } from 'react';

import { ask } from './graphql.js';
import { listen } from './live.js';
import { QueueChanged, QueuesQuery } from './operations.js';

type Queue = ResultOf<typeof QueuesQuery>['queues'][number];

/** The queues with their live counts; choosing one narrows what is claimed next. */
export function QueueBar(props: { chosen: string | null; onChoose: (key: string | null) => void }) {
  const [queues, setQueues] = useState<Queue[]>([]);
  const keys = queues.map((queue) => queue.key).join(' ');

  useEffect(() => {
    void ask(QueuesQuery, {}).then(
      (data) => setQueues(data.queues),
      () => undefined,
    );
  }, []);
  useEffect(() => {
    const stops = keys
      .split(' ')
      .filter(Boolean)
      .map((queue) =>
        listen(QueueChanged, { queue }, ({ queueChanged }) =>
          setQueues((all) =>
            all.map((one) => (one.key === queueChanged.queue.key ? { ...one, stats: queueChanged.queue.stats } : one)),
          ),
        ),
      );
    return () => stops.forEach((stop) => stop());
  }, [keys]);

  const total = queues.reduce((sum, queue) => sum + queue.stats.open, 0);
  return (
    <nav className="queues" aria-label="Queues">
      <QueueButton
        name="All queues"
        open={total}
        isChosen={props.chosen === null}
        onClick={() => props.onChoose(null)}
      />
      {queues.map((queue) => (
        <QueueButton
          key={queue.key}
          name={queue.name}
          open={queue.stats.open}
          overdue={queue.stats.overdue}
          isChosen={props.chosen === queue.key}
          onClick={() => props.onChoose(queue.key)}
        />
      ))}
    </nav>
  );
}

function QueueButton(props: { name: string; open: number; overdue?: number; isChosen: boolean; onClick: () => void }) {
  return (
    <button type="button" className="queue" aria-pressed={props.isChosen} onClick={props.onClick}>
      {props.name} <span className="count">{props.open}</span>
      {props.overdue ? <span className="count late">{props.overdue} late</span> : null}
    </button>
  );
}
