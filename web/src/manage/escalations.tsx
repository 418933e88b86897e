import { Text } from '../evidence/text.js';
import type { Detail } from './item-detail.js';
import { When } from './states.js';

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
