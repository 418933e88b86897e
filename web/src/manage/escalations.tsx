import { Link } from 'wouter';

import { Text } from '../evidence/text.js';
import type { Detail } from './item-detail.js';
import type { Who } from '../session.js';
import { When } from './states.js';

/** Says that a decision is waited for which nobody may make, and what to do. */
export function Undecidable({ item, who }: { item: Detail; who: Who }) {
  if (!item.isUndecidable) return null;
  const isMine = item.escalations.some(({ by }) => by.id === who.id);
  const isAlone = item.escalations.length === 1 && item.reviews.length === 0;
  return (
    <div className="panel trouble-panel" role="status">
      <p>
        <strong>Nobody may decide this. </strong>
        {isMine && isAlone
          ? 'Only you could take it, and you escalated it. '
          : 'Every active manager and admin escalated, reviewed or wrote it. '}
        Make somebody else a manager under <Link href="/manage/people">People</Link>, or withdraw it.
      </p>
    </div>
  );
}

/** Why reviewers left an item to somebody more senior. */
export function Escalations({ item }: { item: Detail }) {
  return item.escalations.map(({ by, note, escalatedAt }) => (
    <section key={by.id} className="panel escalation" aria-label={`Left to others by ${by.name}`}>
      <p>
        <strong>{by.name}</strong>{' '}
        <span className="quiet">
          left it to somebody more senior, <When at={escalatedAt} />
        </span>
      </p>
      <Text text={note} />
    </section>
  ));
}
