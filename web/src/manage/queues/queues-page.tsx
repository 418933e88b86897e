import { Link, Route, Switch } from 'wouter';

import { Notice } from '../../notice.js';
import { useQueues } from '../../review/queue-bar.js';
import type { Who } from '../../session.js';
import '../items.css';
import { mayManage } from '../items/use-choices.js';
import '../parts.css';
import '../policy/policy.css';
import { Empty, Trouble, Waiting } from '../states.js';
import { useReading } from '../../reading.js';
import { LookedAt } from './looked-at.js';
import { QueueEditor } from './queue-editor.js';
import { QueueQuery } from './operations.js';
import './queues.css';

const nothing = () => undefined;

/** Where items wait: how each queue stands, and how it is set up. */
export function QueuesPage({ who }: { who: Who }) {
  return (
    <Switch>
      <Route path="/manage/queues/new">
        {mayManage(who) ? <QueueEditor who={who} queue={null} onSaved={nothing} /> : <NotThere />}
      </Route>
      <Route path="/manage/queues/:key">{({ key }) => <OneQueue key={key} id={key} who={who} />}</Route>
      <Route>
        <QueueList who={who} />
      </Route>
    </Switch>
  );
}

/** What waits in which queue, live. */
function QueueList({ who }: { who: Who }) {
  const queues = useQueues(nothing);
  return (
    <main className="manage">
      <div className="head">
        <h1>Queues</h1>
        <span className="grow" />
        {mayManage(who) && (
          <Link href="/manage/queues/new" className="button">
            New queue
          </Link>
        )}
      </div>
      {queues.length === 0 ? (
        <Empty>There are no queues yet.</Empty>
      ) : (
        <table className="list">
          <thead>
            <tr>
              <th scope="col">Queue</th>
              <th scope="col" className="number">
                Open
              </th>
              <th scope="col" className="number">
                Overdue
              </th>
            </tr>
          </thead>
          <tbody>
            {queues.map(({ key, name, stats }) => (
              <tr key={key}>
                <th scope="row">
                  <Link href={`/manage/queues/${key}`}>{name}</Link>
                </th>
                <td className="number">{stats.open.toLocaleString('en')}</td>
                <td className={stats.overdue > 0 ? 'number late' : 'number'}>{stats.overdue.toLocaleString('en')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </main>
  );
}

function OneQueue({ id, who }: { id: string; who: Who }) {
  const { data, error, again: reload } = useReading(QueueQuery, { key: id, manages: mayManage(who) });
  if (!data) {
    return <main className="manage">{error ? <Trouble error={error} onRetry={reload} /> : <Waiting />}</main>;
  }
  if (!data.queue) return <NotThere />;
  if (mayManage(who)) return <QueueEditor who={who} queue={data.queue} onSaved={reload} />;
  return <LookedAt queue={data.queue} />;
}

function NotThere() {
  return (
    <Notice title="There is no such queue">
      <Link href="/manage/queues">All queues</Link>
    </Notice>
  );
}
