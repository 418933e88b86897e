import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { diagram, isFinal, itemEvents, ItemStatus, next, statusOf } from '../src/item/item.lifecycle.js';

const idle = { liveLeases: 0, reviewsDone: 0 };
const leased = { liveLeases: 1, reviewsDone: 0 };
const reviewed = { liveLeases: 0, reviewsDone: 1 };
const { OPEN, IN_REVIEW, NEEDS_ADJUDICATION, RESOLVED, WITHDRAWN } = ItemStatus;

/** Every pair that may happen, written out a second time; all others may not. */
const expected: Record<string, ItemStatus> = {
  'OPEN claimed': IN_REVIEW,
  'OPEN deadline': RESOLVED,
  'OPEN withdrawn': WITHDRAWN,
  'IN_REVIEW claimed': IN_REVIEW,
  'IN_REVIEW released': OPEN,
  'IN_REVIEW expired': OPEN,
  'IN_REVIEW skipped': OPEN,
  'IN_REVIEW submitted': IN_REVIEW,
  'IN_REVIEW agreed': RESOLVED,
  'IN_REVIEW disagreed': NEEDS_ADJUDICATION,
  'IN_REVIEW revised': IN_REVIEW,
  'IN_REVIEW escalated': NEEDS_ADJUDICATION,
  'IN_REVIEW deadline': RESOLVED,
  'IN_REVIEW withdrawn': WITHDRAWN,
  'NEEDS_ADJUDICATION revised': NEEDS_ADJUDICATION,
  'NEEDS_ADJUDICATION agreed': RESOLVED,
  'NEEDS_ADJUDICATION adjudicated': RESOLVED,
  'NEEDS_ADJUDICATION deadline': RESOLVED,
  'NEEDS_ADJUDICATION withdrawn': WITHDRAWN,
  'RESOLVED revised': RESOLVED,
  'RESOLVED disagreed': NEEDS_ADJUDICATION,
};

for (const status of Object.values(ItemStatus)) {
  for (const event of itemEvents) {
    const to = expected[`${status} ${event}`] ?? null;
    test(`${status}: ${event} ${to ? `leads to ${to}` : 'cannot happen'}`, () => {
      expect(next(status, event, idle)).toBe(to);
    });
  }
}

test('the end of a lease leaves an item in review while somebody else holds it or has answered', () => {
  for (const event of ['released', 'expired', 'skipped'] as const) {
    expect(next(IN_REVIEW, event, leased)).toBe(IN_REVIEW);
    expect(next(IN_REVIEW, event, reviewed)).toBe(IN_REVIEW);
  }
  expect(statusOf(OPEN, idle)).toBe(OPEN);
  expect(statusOf(OPEN, leased)).toBe(IN_REVIEW);
  expect(statusOf(RESOLVED, leased)).toBe(RESOLVED);
});

test('what is resolved or withdrawn is final, and the diagram shows every arrow', () => {
  expect(Object.values(ItemStatus).filter(isFinal)).toEqual([RESOLVED, WITHDRAWN]);
  expect(diagram()).toBe(`stateDiagram-v2
    [*] --> OPEN : flagged
    OPEN --> IN_REVIEW : claimed
    OPEN --> RESOLVED : deadline
    OPEN --> WITHDRAWN : withdrawn
    IN_REVIEW --> IN_REVIEW : claimed, released, expired, skipped, submitted, revised
    IN_REVIEW --> OPEN : released, expired, skipped
    IN_REVIEW --> RESOLVED : agreed, deadline
    IN_REVIEW --> NEEDS_ADJUDICATION : disagreed, escalated
    IN_REVIEW --> WITHDRAWN : withdrawn
    NEEDS_ADJUDICATION --> NEEDS_ADJUDICATION : revised
    NEEDS_ADJUDICATION --> RESOLVED : agreed, adjudicated, deadline
    NEEDS_ADJUDICATION --> WITHDRAWN : withdrawn
    RESOLVED --> RESOLVED : revised
    RESOLVED --> NEEDS_ADJUDICATION : disagreed
    RESOLVED --> [*]
    WITHDRAWN --> [*]
`);
  expect(readFileSync('ARCHITECTURE.md', 'utf8')).toContain(diagram());
});
