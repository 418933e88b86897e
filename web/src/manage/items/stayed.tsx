import type { Done } from './actions.js';

type Stayed = Done['stayed'][number];

const many = (count: number) => count.toLocaleString('en');
const are = (count: number) => `${many(count)} ${count === 1 ? 'is' : 'are'}`;
const have = (count: number) => `${many(count)} ${count === 1 ? 'has' : 'have'}`;
const were = (count: number) => `${many(count)} ${count === 1 ? 'was' : 'were'}`;

const REASONS: Readonly<Record<Stayed['reason'], (count: number, name: string) => string>> = {
  NOT_FOUND: (count) => `${are(count)} not there any more`,
  RESOLVED: (count) => `${are(count)} resolved already`,
  WITHDRAWN: (count) => `${were(count)} withdrawn before`,
  NEEDS_ADJUDICATION: (count) => `${many(count)} ${count === 1 ? 'waits' : 'wait'} for a manager’s decision`,
  HELD: (count, name) => `${are(count)} held by ${name}`,
  NOT_HELD: (count) => `${are(count)} held by nobody`,
  REVIEWED: (count) => `${have(count)} a review already`,
  DONE_BY_MEMBER: (count) => `${were(count)} reviewed, skipped or written by them before`,
  ALREADY_THERE: (count) => `${are(count)} in that queue already`,
  CHANGED_MEANWHILE: (count) => `${were(count)} changed by somebody at the same moment: try again`,
};

/** Lines beyond this are one: items of a whole search may be held by very many people. */
const MOST_LINES = 8;

/** Why items stayed as they were, a line for each reason. */
export function StayedList({ stayed }: { stayed: Done['stayed'] }) {
  const rest = stayed.slice(MOST_LINES).reduce((sum, { count }) => sum + count, 0);
  return (
    <ul className="stayed">
      {stayed.slice(0, MOST_LINES).map(({ reason, memberName, count }) => (
        <li key={reason + memberName}>{REASONS[reason](count, memberName ?? 'somebody')}</li>
      ))}
      {rest > 0 && <li>and {many(rest)} more</li>}
    </ul>
  );
}
