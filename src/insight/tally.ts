import { validate as isUuid } from 'uuid';

import type { LogEvent } from '../log/event.js';

/**
 * What is counted by queue and day (UTC); the measures of the table `tally`.
 *
 * ARRIVED, WITHDRAWN: items. RESOLVED_MS: items, by how long their first final answer took. On the day it happened.
 * REVIEW_MS: a member's reviews, by how long they took. SKIPPED, RELEASED, EXPIRED: leases that a member did not use.
 * PEER_SAME, PEER_OTHER: of a member's reviews, the pairs with another's of the same item that give the same or another
 * verdict; RESOLUTION_SAME, RESOLUTION_OTHER: the reviews that give the final verdict or another. Counted when the item
 * is resolved, on the day of the review, and of each person's first answer: a revision is not made independently.
 * GOLD_MS, GOLD_SKIPPED, GOLD_RELEASED, GOLD_EXPIRED, GOLD_RESOLVED: the same of known
 * answers, and GOLD_RIGHT, GOLD_WRONG.
 * MODEL_ and PROMPT_ with a verdict: resolved items of that version, on the day they arrived, with the answer as it
 * stands now.
 */
const OUTCOMES = ['CONFIRMED', 'CORRECTED', 'REJECTED'] as const;
export const REVIEWER_MEASURES = [
  'REVIEW_MS',
  'SKIPPED',
  'RELEASED',
  'EXPIRED',
  'PEER_SAME',
  'PEER_OTHER',
  'RESOLUTION_SAME',
  'RESOLUTION_OTHER',
  'GOLD_MS',
  'GOLD_SKIPPED',
  'GOLD_RELEASED',
  'GOLD_EXPIRED',
  'GOLD_RESOLVED',
  'GOLD_RIGHT',
  'GOLD_WRONG',
] as const;
export const QUEUE_MEASURES = ['ARRIVED', 'WITHDRAWN', 'RESOLVED_MS', 'REVIEW_MS'] as const;
export const VERSION_MEASURES = {
  MODEL: OUTCOMES.map((outcome) => `MODEL_${outcome}`),
  PROMPT: OUTCOMES.map((outcome) => `PROMPT_${outcome}`),
};

/** An event as the fold's statement reads it. */
export interface TallyEvent {
  /** Its place among the others. */
  readonly n: number;
  readonly kind: string;
  readonly queue_id: string;
  readonly item_id: string;
  readonly at: Date;
  readonly member_id: string | null;
  readonly review_id: string | null;
  readonly verdict: string | null;
  readonly revision: number;
  readonly is_right: boolean;
}

type Told = Pick<LogEvent, 'kind' | 'itemId' | 'queueId' | 'data' | 'at'>;

/**
 * The events that are counted, and of those only what is well-formed: an event that the statement could not read would
 * cost the whole batch a second run.
 */
export function tallyEvents(events: readonly Told[]): TallyEvent[] {
  return events.flatMap((event, n) => {
    const { kind, itemId, queueId, data, at } = event;
    if (itemId === null || queueId === null || !isCounted(kind, data)) return [];
    return {
      n,
      kind,
      queue_id: queueId,
      item_id: itemId,
      at,
      member_id: uuidOf(data.memberId),
      review_id: uuidOf(data.reviewId),
      verdict: verdictOf(data.verdict),
      revision: revisionOf(data.revision),
      is_right: data.isRight === true,
    };
  });
}

function isCounted(kind: string, data: Told['data']): boolean {
  switch (kind) {
    case 'ITEM_FLAGGED':
    case 'ITEM_WITHDRAWN':
      return true;
    case 'ASSIGNMENT_RELEASED':
    case 'ASSIGNMENT_SKIPPED':
    case 'ASSIGNMENT_EXPIRED':
    case 'GOLD_RELEASED':
    case 'GOLD_SKIPPED':
    case 'GOLD_EXPIRED':
    case 'GOLD_RESOLVED':
      return uuidOf(data.memberId) !== null;
    case 'REVIEW_SUBMITTED':
    case 'GOLD_SUBMITTED':
      return uuidOf(data.reviewId) !== null;
    case 'ITEM_RESOLVED':
      return verdictOf(data.verdict) !== null;
    default:
      return false;
  }
}

const uuidOf = (value: unknown): string | null => (isUuid(value) ? String(value) : null);
const verdictOf = (value: unknown): string | null => OUTCOMES.find((outcome) => outcome === value) ?? null;

/** 0 for the first answer of an item. */
function revisionOf(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 32_768 ? value : 0;
}
