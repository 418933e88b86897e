import { Injectable } from '@nestjs/common';

import type { Queryable } from '../database/database.js';
import { Refusal } from '../errors.js';
import type { LogEvent } from './event.js';
import { LogDatabase } from './log-database.js';
import { BOUNDS, PAGE, PAGE_OF_KINDS } from './reader.sql.js';

/** How far the log goes, and how far back: `oldest` is the first seq that is kept, `head` the last. */
export interface Bounds {
  readonly head: number;
  readonly oldest: number;
}

export interface Page extends Bounds {
  readonly events: readonly LogEvent[];
  /** All events up to here have been looked at. */
  readonly end: number;
}

export interface EventRow {
  seq: string;
  kind: string;
  actor: string;
  item_id: string | null;
  queue_id: string | null;
  data: Record<string, unknown>;
  at: Date;
}

interface BoundsRow {
  head: string;
  oldest: string;
}

/** Seqs that one statement looks at when it searches for kinds. */
const SPAN = 10_000;

@Injectable()
export class LogQueries {
  constructor(private readonly database: LogDatabase) {}

  async bounds(projectId: number): Promise<Bounds> {
    const [row] = await this.database.query<BoundsRow>(BOUNDS, [projectId]);
    return row ? toBounds(row) : { head: 0, oldest: 1 };
  }

  /** The next events after `after`, of these kinds or, without kinds, of all. CURSOR_EXPIRED if some are deleted. */
  async page(
    projectId: number,
    after: number,
    limit: number,
    kinds: readonly string[] = [],
    database: Queryable = this.database,
  ): Promise<Page> {
    const rows = await (kinds.length === 0
      ? database.query<BoundsRow & EventRow>(PAGE, [projectId, after, limit])
      : database.query<BoundsRow & EventRow>(PAGE_OF_KINDS, [projectId, after, limit, kinds, SPAN]));
    const bounds = rows[0] ? toBounds(rows[0]) : { head: 0, oldest: 1 };
    refuseExpired(projectId, after, bounds);
    const events = rows.filter((row) => row.seq !== null).map((row) => toEvent(projectId, row));
    const lookedAt = kinds.length === 0 ? bounds.head : Math.min(bounds.head, after + SPAN);
    return { ...bounds, events, end: events.length === limit ? events[limit - 1]!.seq : Math.max(after, lookedAt) };
  }
}

export function refuseExpired(projectId: number, after: number, { oldest }: Bounds): void {
  if (after >= oldest - 1) return;
  throw new Refusal(
    'CURSOR_EXPIRED',
    `The log no longer holds what follows this cursor: it starts ${oldest - 1 - after} events later. ` +
      'Read the present state, then go on without `after`.',
  );
}

export function toEvent(projectId: number, row: EventRow): LogEvent {
  return {
    projectId,
    seq: Number(row.seq),
    kind: row.kind,
    actor: row.actor,
    itemId: row.item_id,
    queueId: row.queue_id,
    data: row.data,
    at: row.at,
  };
}

function toBounds(row: BoundsRow): Bounds {
  return { head: Number(row.head), oldest: Number(row.oldest) };
}
