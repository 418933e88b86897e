import { registerEnumType } from '@nestjs/graphql';

export enum NotRevisable {
  DECIDED = 'DECIDED',
  NEVER = 'NEVER',
  SUPERSEDED = 'SUPERSEDED',
  TIME_OVER = 'TIME_OVER',
  WITHDRAWN = 'WITHDRAWN',
}
registerEnumType(NotRevisable, {
  name: 'NotRevisable',
  description: 'Why a review can no longer be revised.',
  valuesMap: {
    DECIDED: { description: 'An adjudicator or the deadline has decided the item.' },
    NEVER: { description: 'The queue does not let reviews be revised.' },
    SUPERSEDED: { description: 'It was revised already; the newest of them can be.' },
    TIME_OVER: { description: 'The time that the queue gives is over.' },
    WITHDRAWN: { description: 'The item was withdrawn.' },
  },
});

/** What decides whether a review may be revised; how it is read is in revise.sql.ts. */
export interface RevisionFacts {
  readonly status: 'OPEN' | 'NEEDS_ADJUDICATION' | 'RESOLVED' | 'WITHDRAWN';
  readonly resolved_by: string | null;
  readonly next_id: string | null;
  readonly revise_within_seconds: number;
  readonly is_in_time: boolean;
}

/** Null: it may be. */
export function whyNotRevisable(facts: RevisionFacts): NotRevisable | null {
  if (facts.next_id !== null) return NotRevisable.SUPERSEDED;
  if (facts.status === 'WITHDRAWN') return NotRevisable.WITHDRAWN;
  if (facts.status === 'RESOLVED' && facts.resolved_by !== 'CONSENSUS') return NotRevisable.DECIDED;
  if (facts.revise_within_seconds === 0) return NotRevisable.NEVER;
  return facts.is_in_time ? null : NotRevisable.TIME_OVER;
}
