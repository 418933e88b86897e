import { useNow } from '../clock.js';
import { useReading } from '../reading.js';
import { AgreementQuery, type StandingQueue } from './operations.js';
import { count, decimal, duration } from './words.js';

const WHY = {
  NO_PAIRS: 'no item has two answers',
  NO_VARIATION: 'all answers are the same',
  NOT_TWO_RATERS: 'not measurable',
  UNEQUAL_RATINGS: 'not measurable',
  NOT_NUMERIC: 'not measurable',
} as const;

/** The queues as they stand, with how far their reviewers agree. */
export function QueueTable({ queues, from }: { queues: readonly StandingQueue[]; from: string }) {
  const now = useNow(15_000);
  return (
    <section className="panel">
      <h2>Queues</h2>
      <div className="scroll" tabIndex={0} role="region" aria-label="Queues">
        <table className="list">
          <thead>
            <tr>
              <th scope="col">Queue</th>
              {['Open', 'Held', 'To adjudicate', 'Overdue', 'Stuck', 'Oldest'].map((name) => (
                <th key={name} scope="col" className="number">
                  {name}
                </th>
              ))}
              <th
                scope="col"
                className="number"
                title="Krippendorff's alpha on the verdict: 1 is perfect, 0 what chance gives"
              >
                Agreement (α)
              </th>
            </tr>
          </thead>
          <tbody>
            {queues.map((queue) => {
              const { open, leased, needsAdjudication, overdue, oldestOpenAt } = queue.stats;
              const stuck = queue.stats.stuck + queue.stats.undecidable;
              return (
                <tr key={queue.key}>
                  <th scope="row">{queue.name}</th>
                  <td className="number">{count(open)}</td>
                  <td className="number">{count(leased)}</td>
                  <td className="number">{count(needsAdjudication)}</td>
                  <td className={overdue > 0 ? 'number late' : 'number'}>{count(overdue)}</td>
                  <td className={stuck > 0 ? 'number late' : 'number'}>{count(stuck)}</td>
                  <td className="number">{oldestOpenAt ? duration(now - Date.parse(oldestOpenAt)) : '–'}</td>
                  <td className="number">
                    {queue.reviewsRequired > 1 ? (
                      <Agreement queue={queue.key} from={from} />
                    ) : (
                      <span className="quiet">one review each</span>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Asked for by itself: of a busy queue the service computes it for a second or two. */
function Agreement({ queue, from }: { queue: string; from: string }) {
  const { data, error } = useReading(AgreementQuery, { queue, from });
  if (error) return <span className="quiet">not available</span>;
  const [alpha] = data?.agreement.coefficients ?? [];
  if (!alpha) return <span className="quiet">…</span>;
  if (alpha.value === null) return <span className="quiet">{WHY[alpha.undefinedBecause ?? 'NO_PAIRS']}</span>;
  const { low, high } = alpha.interval ?? {};
  return (
    <>
      {decimal(alpha.value)}
      {low !== undefined && high !== undefined && (
        <span className="quiet"> {`(${decimal(low)} to ${decimal(high)})`}</span>
      )}
    </>
  );
}
