import { NOTHING, type Work, workOf } from './answer.js';
import type { Hand } from './desk-store.js';
import { recallWork } from './kept-work.js';
import type { Assignment } from './operations.js';

/** The clocks of browser and service are this far apart without anything being wrong. */
const APART_MS = 2_000;

/**
 * An item as it is taken in hand, with what was written for it before: what is kept in this browser or at the service,
 * the later of the two, unless `work` says what.
 */
export function handOf(member: string, assignment: Assignment, work?: Work): Hand {
  const kept = recallWork(member, assignment.item.id);
  const { draft, leaseExpiresAt } = assignment;
  const isDraftLater = draft && (!kept || Date.parse(draft.savedAt) > kept.at + APART_MS);
  const found = work ?? (isDraftLater ? workOf(draft) : kept) ?? NOTHING;
  return { assignment, work: found, leaseExpiresAt, saved: 'saved', isChanged: false, lost: null };
}
