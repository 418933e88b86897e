import { Link, Route, Switch } from 'wouter';

import { Pieces } from '../evidence/text.js';
import { When } from '../manage/states.js';
import { Shown, useReading } from '../reading.js';
import type { Who } from '../session.js';
import './answered.css';
import { type AnsweredItem, AnsweredQuery, ownReview } from './answered-operations.js';
import { RevisePage } from './revise-page.js';

const WORDS = { CONFIRMED: 'confirmed', CORRECTED: 'corrected', REJECTED: 'rejected' } as const;

/** What somebody answered lately, to be looked at again and changed. */
export function AnsweredPage({ who }: { who: Who }) {
  return (
    <Switch>
      <Route path="/answered/:id">{({ id }) => <RevisePage key={id} id={id} member={who.id} />}</Route>
      <Route>
        <AnsweredList member={who.id} />
      </Route>
    </Switch>
  );
}

function AnsweredList({ member }: { member: string }) {
  const reading = useReading(AnsweredQuery, { member });
  return (
    <main className="answered-page">
      <p>
        <Link href="/">Back to reviewing</Link>
      </p>
      <h1>What you answered</h1>
      <Shown reading={reading}>
        {({ items }) => {
          const rows = rowsOf(
            items.edges.map(({ node }) => node),
            member,
          );
          if (rows.length === 0) return <p className="quiet">Nothing yet.</p>;
          return (
            <ul>
              {rows.map(({ item, review }) => (
                <li key={item.id}>
                  <Link href={`/answered/${item.id}`}>
                    <span className="id">
                      <Pieces text={item.externalId} />
                    </span>
                    <span className="quiet">{item.queue.name}</span>
                    <strong>{WORDS[review.verdict]}</strong>
                    <span className="quiet">
                      <When at={review.submittedAt} />
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          );
        }}
      </Shown>
      <p className="quiet">The newest 20 items; open one to change your answer.</p>
    </main>
  );
}

/** The answers, the last one first; an adjudication is none that can be changed. */
function rowsOf(items: AnsweredItem[], member: string) {
  return items
    .flatMap((item) => {
      const review = ownReview(item, member);
      return review ? [{ item, review }] : [];
    })
    .toSorted((one, other) => other.review.submittedAt.localeCompare(one.review.submittedAt));
}
