import { Link } from 'wouter';

import { Evidence } from '../evidence/evidence.js';
import type { EvalCase } from './operations.js';
import { date } from './words.js';

/** Where the case is from, down to the item and its reviews. In exports reviewers stand by pseudonym only. */
export function Provenance({ evalCase: { provenance, item } }: { evalCase: EvalCase }) {
  return (
    <section>
      <h2>Where it is from</h2>
      <p>
        Item <Link href={`/manage/items/${item.id}`}>{item.externalId}</Link>
      </p>
      <ul className="reviews">
        {item.reviews.map(({ id, verdict, reviewer, submittedAt, comment }) => (
          <li key={id}>
            <span className={`verdict ${verdict.toLowerCase()}`}>{verdict.toLowerCase()}</span> {reviewer.name}{' '}
            <span className="quiet">{date(submittedAt)}</span>
            {comment && <p dir="auto">{comment}</p>}
          </li>
        ))}
      </ul>
      <details>
        <summary>Everything that is known</summary>
        <Evidence value={provenance} />
      </details>
    </section>
  );
}
