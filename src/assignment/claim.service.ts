import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable, Logger } from '@nestjs/common';

import { Database } from '../database/database.js';
import { Refusal } from '../errors.js';
import type { Assignment } from './assignment.entity.js';
import { type ClaimNextPayload, EmptyReason } from './assignment.payload.js';
import { emptyReasonSql } from './claim.sql.js';
import { byRank, ClaimWriter } from './claim.writer.js';
import { ExpiryService } from './expiry.service.js';
import type { Reviewer } from './reviewer.js';

const MOST_AT_ONCE = 10;
const MOST_ATTEMPTS = 20;

type Fewer = Pick<ClaimNextPayload, 'emptyReason' | 'nextAvailableAt'>;

interface EmptyRow {
  is_queue_known: boolean;
  is_full: boolean;
  is_open_for_me: boolean;
  has_tickets: boolean;
  has_leases: boolean;
  is_paused: boolean;
  has_expired: boolean;
  other_frees_at: Date | null;
  own_frees_at: Date | null;
}

/**
 * Gives a reviewer the most urgent items that they may serve.
 *
 * Usually one statement. Only when it brings fewer than asked for, what has expired is put back and it is tried again,
 * so an abandoned item is offered at the latest to the next who asks and finds nothing else, sweeper or not. "Nothing" is said only
 * after a plain look that ignores locks: what another claim or sweep held for an instant may be free again.
 *
 * What an attempt took is the reviewer's, whatever becomes of the next: a claim that is refused or fails midway answers
 * with what it has (INTERRUPTED). To give it back would need the same database.
 */
@Injectable()
export class ClaimService {
  private readonly logger = new Logger(ClaimService.name);

  constructor(
    private readonly database: Database,
    private readonly expiry: ExpiryService,
    private readonly writer: ClaimWriter,
  ) {}

  async claimNext(reviewer: Reviewer, queue: string | null, count: number): Promise<ClaimNextPayload> {
    if (!Number.isInteger(count) || count < 1 || count > MOST_AT_ONCE) {
      throw new Refusal('INVALID_INPUT', `count must be 1 to ${MOST_AT_ONCE}; it is ${count}.`);
    }
    const taken: Assignment[] = [];
    const payload = await this.fill(reviewer, queue, count, taken).catch((error: unknown) => {
      if (taken.length === 0) throw error;
      this.logger.warn(`A claim stops at ${taken.length} of ${count}: ${error instanceof Error ? error.message : ''}`);
      return because(EmptyReason.INTERRUPTED);
    });
    return { assignments: byRank(taken), ...payload };
  }

  /** Takes until there are `count`; returns why there are not. */
  private async fill(reviewer: Reviewer, queue: string | null, count: number, taken: Assignment[]): Promise<Fewer> {
    for (let attempt = 1; ; attempt += 1) {
      // What was not found from the floor on is looked for once more from the start.
      const isFromFloor = attempt === 1;
      const missing = count - taken.length;
      await this.writer.take(reviewer, { queue, count: missing, isFromFloor }, taken);
      if (taken.length === count) return { emptyReason: null, nextAvailableAt: null };
      if (attempt < MOST_ATTEMPTS && (await this.expiry.expire(reviewer.projectId)) > 0) continue;
      const empty = await this.whyEmpty(reviewer, queue);
      const isSoon = (empty.is_open_for_me || empty.has_expired) && !empty.is_full;
      if (!isSoon || attempt >= MOST_ATTEMPTS) return reasonOf(empty);
      if (attempt > 2) await sleep(5 + 10 * Math.random());
    }
  }

  /** Gives a member the most urgent item of a queue, unasked, if they hold less than `most`. Looks once. */
  async offer(projectId: number, memberId: string, queue: string, most: number): Promise<boolean> {
    const claimant = { projectId, member: { id: memberId } };
    const taken: Assignment[] = [];
    await this.writer.take(claimant, { queue, count: 1, isFromFloor: true, most }, taken);
    return taken.length > 0;
  }

  private async whyEmpty({ projectId, member }: Reviewer, queue: string | null): Promise<EmptyRow> {
    const statement = { name: 'claim-empty', text: emptyReasonSql };
    const [row] = await this.database.query<EmptyRow>(statement, [projectId, member.id, queue]);
    if (!row?.is_queue_known) throw new Refusal('NOT_FOUND', `There is no queue with the key "${queue}".`);
    return row;
  }
}

const because = (emptyReason: EmptyReason, nextAvailableAt: Date | null = null): Fewer => ({
  emptyReason,
  nextAvailableAt,
});

/**
 * What could come to this reviewer when somebody's lease ends counts before what never will; their own leases count
 * last, for they have those in hand.
 */
function reasonOf(empty: EmptyRow): Fewer {
  if (empty.is_full) return because(EmptyReason.AT_CAPACITY);
  if (empty.other_frees_at) return because(EmptyReason.ALL_LEASED, empty.other_frees_at);
  if (empty.is_open_for_me) return because(EmptyReason.ALL_LEASED);
  if (empty.is_paused) return because(EmptyReason.PAUSED);
  if (empty.has_tickets) return because(EmptyReason.NOT_ELIGIBLE);
  if (empty.own_frees_at) return because(EmptyReason.ALL_LEASED, empty.own_frees_at);
  return because(empty.has_leases ? EmptyReason.NOT_ELIGIBLE : EmptyReason.NOTHING_OPEN);
}
