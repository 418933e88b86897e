import type { LogEvent } from '../log/event.js';

/** What is counted of a queue; each field is a column of `queue_count`. */
export interface QueueCounts {
  /** Items that are OPEN, those in somebody's hands included. */
  open: number;
  /** Live leases. */
  leased: number;
  needsAdjudication: number;
  resolved: number;
  withdrawn: number;
  reviews: number;
}

export const COLUMN_OF = {
  open: 'open',
  leased: 'leased',
  needsAdjudication: 'needs_adjudication',
  resolved: 'resolved',
  withdrawn: 'withdrawn',
  reviews: 'reviews',
} as const satisfies Record<keyof QueueCounts, string>;

export const COUNTS = Object.keys(COLUMN_OF) as (keyof QueueCounts)[];

type Counted = Pick<LogEvent, 'kind' | 'itemId' | 'queueId' | 'data'>;

export function noCounts(): QueueCounts {
  return { open: 0, leased: 0, needsAdjudication: 0, resolved: 0, withdrawn: 0, reviews: 0 };
}

/** What these events change, by queue. Only sums, so it does not matter how they are cut into batches. */
export function countEvents(events: readonly Counted[]): Map<string, QueueCounts> {
  const queues = new Map<string, QueueCounts>();
  for (const event of events) {
    if (event.itemId === null || event.queueId === null) continue;
    let counts = queues.get(event.queueId);
    if (!counts) queues.set(event.queueId, (counts = noCounts()));
    countEvent(counts, event);
  }
  return queues;
}

function countEvent(counts: QueueCounts, { kind, data }: Counted): void {
  switch (kind) {
    case 'ITEM_FLAGGED':
    case 'ITEM_MOVED_IN':
      counts.open += 1;
      break;
    case 'ITEM_MOVED_OUT':
      counts.open -= 1;
      break;
    case 'ASSIGNMENT_CLAIMED':
      counts.leased += 1;
      break;
    case 'ASSIGNMENT_RELEASED':
    case 'ASSIGNMENT_SKIPPED':
    case 'ASSIGNMENT_EXPIRED':
      counts.leased -= 1;
      break;
    case 'REVIEW_SUBMITTED':
      counts.leased -= 1;
      counts.reviews += 1;
      break;
    case 'ITEM_NEEDS_ADJUDICATION':
      counts.open -= 1;
      counts.needsAdjudication += 1;
      break;
    case 'ITEM_ESCALATED':
      counts.leased -= 1;
      counts.open -= 1;
      counts.needsAdjudication += 1;
      break;
    case 'ITEM_REOPENED':
      counts.resolved -= 1;
      counts.needsAdjudication += 1;
      break;
    case 'ITEM_RESOLVED':
      if (leave(counts, data.from)) counts.resolved += 1;
      break;
    case 'ITEM_WITHDRAWN':
      if (leave(counts, data.from)) counts.withdrawn += 1;
      break;
  }
}

/** False when the item was in neither waiting state: its final answer was revised, so no count moves. */
function leave(counts: QueueCounts, from: unknown): boolean {
  if (from === 'OPEN') counts.open -= 1;
  else if (from === 'NEEDS_ADJUDICATION') counts.needsAdjudication -= 1;
  else return false;
  return true;
}
