import { Link } from 'wouter';

import { Shown, useReading } from '../reading.js';
import { useChanges, type Watched } from './live-readings.js';
import { type ReviewerRow, ReviewersQuery } from './operations.js';
import { count, duration, share } from './words.js';

const FIRST = 25;
const EVERY_MS = 4_000;

interface ReviewersProps {
  readonly queue: string | null;
  readonly from: string;
  /** Where changes are listened to. */
  readonly watched: Watched | null;
}

/** Who did what. Agreement is with other people on the same items: a question to ask, not a mark. */
export function Reviewers({ queue, from, watched }: ReviewersProps) {
  const reading = useReading(ReviewersQuery, { queue, from });
  useChanges(watched, EVERY_MS, reading.again);
  const query = new URLSearchParams({ ...(queue !== null && { queue }), from });
  return (
    <section className="panel">
      <div className="heading">
        <h2>Reviewers</h2>
        <a href={`/insight/reviewers.csv?${query.toString()}`} download>
          All as CSV
        </a>
      </div>
      <Shown reading={reading}>
        {({ reviewerStats }) =>
          reviewerStats.length === 0 ? (
            <p className="quiet">Nobody reviewed anything in this time.</p>
          ) : (
            <ReviewerTable rows={reviewerStats.slice(0, FIRST)} queue={queue} />
          )
        }
      </Shown>
    </section>
  );
}

const COLUMNS = ['Reviews', 'Median time', 'With others', 'With the answer', 'Skipped', 'Given back', 'Expired'];

function ReviewerTable({ rows, queue }: { rows: readonly ReviewerRow[]; queue: string | null }) {
  const hasGold = rows.some(({ gold }) => gold !== null && gold.answered > 0);
  const goldPage = queue === null ? '/manage/gold' : `/manage/gold?queue=${queue}`;
  return (
    <>
      <div className="scroll" tabIndex={0} role="region" aria-label="Reviewers">
        <table className="list">
          <thead>
            <tr>
              <th scope="col">Reviewer</th>
              {COLUMNS.map((name) => (
                <th key={name} scope="col" className="number">
                  {name}
                </th>
              ))}
              {hasGold && (
                <th scope="col" className="number">
                  <Link href={goldPage}>Known answers</Link>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.member.id}>
                <th scope="row">{row.member.name}</th>
                <td className="number">{count(row.reviews)}</td>
                <td className="number">{duration(row.medianMs)}</td>
                <td className="number">{share(row.peerAgreement.value)}</td>
                <td className="number">{share(row.resolutionAgreement.value)}</td>
                <td className="number">{count(row.skipped)}</td>
                <td className="number">{count(row.released)}</td>
                <td className="number">{count(row.expired)}</td>
                {hasGold && <KnownAnswers gold={row.gold} />}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="quiet">
        “With others”: pairs of reviews of one item by two people that give the same verdict. “With the answer”: reviews
        that give the item’s final verdict.
        {hasGold && ' “Known answers”: how many of those mixed in were answered right.'}
      </p>
    </>
  );
}

function KnownAnswers({ gold }: Pick<ReviewerRow, 'gold'>) {
  if (!gold || gold.answered === 0) return <td className="number quiet">–</td>;
  return (
    <td className="number">
      {count(gold.right)} of {count(gold.answered)}
      {gold.pausedAt && <span className="late"> paused</span>}
    </td>
  );
}
