import { useQueues } from '../../review/queue-bar.js';

const nothing = () => undefined;

/** What waits in which queue, live. */
export function QueuesPage() {
  const queues = useQueues(nothing);
  return (
    <main className="manage">
      <h1>Queues</h1>
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
              <th scope="row">{name}</th>
              <td className="number">{stats.open.toLocaleString('en')}</td>
              <td className={stats.overdue > 0 ? 'number late' : 'number'}>{stats.overdue.toLocaleString('en')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </main>
  );
}
