import { Injectable } from '@nestjs/common';

import { Database, type Queryable } from '../database/database.js';
import { Refusal } from '../errors.js';
import { deleteTicketsSql, endAssignmentsSql, lockItemSql } from '../item/withdrawal.sql.js';
import { append } from '../log/append.js';
import { LogHint } from '../log/hint.js';
import { escalateSql, heldItemSql, madeSql } from './escalate.sql.js';
import { type Lease, LostLeaseService } from './lost-lease.service.js';
import type { Reviewer } from './reviewer.js';

/**
 * Ends a lease by leaving the item to somebody more senior: it waits for adjudication from then on, with the reviewer's
 * note. Reviews that are in stay with it. Nobody is offered it any more, and who else holds it loses it as in a
 * withdrawal: the lease ends as released, and what they wrote is kept as their draft.
 *
 * The same again gives the same; another note under the same lease is DUPLICATE_CONFLICT.
 */
@Injectable()
export class EscalateService {
  constructor(
    private readonly database: Database,
    private readonly lostLease: LostLeaseService,
    private readonly hint: LogHint,
  ) {}

  /** Returns the item's id. */
  async escalate(reviewer: Reviewer, lease: Lease, given: string): Promise<string> {
    const note = given.trim();
    if (note === '') throw new Refusal('INVALID_INPUT', 'note: say in a few words what is to be decided.');
    const { projectId, member } = reviewer;
    const params = [projectId, lease.assignmentId, member.id, lease.leaseToken];
    const itemId = await this.database.transaction((tx) => take(tx, params, note));
    if (itemId) {
      this.hint.wake(projectId);
      return itemId;
    }
    const [made] = await this.database.query<{ item_id: string; note: string }>(madeSql, params);
    if (!made) return this.lostLease.refuse(reviewer, lease, null);
    if (made.note === note) return made.item_id;
    throw new Refusal('DUPLICATE_CONFLICT', 'You escalated this item before, with another note.');
  }
}

async function take(tx: Queryable, lease: readonly unknown[], note: string): Promise<string | null> {
  const [projectId, , memberId] = lease;
  const [held] = await tx.query<{ item_id: string }>(heldItemSql, lease);
  if (!held) return null;
  const key = [projectId, held.item_id];
  const [item] = await tx.query<{ queue_id: string }>(lockItemSql, key);
  const [escalated] = await tx.query<{ item_id: string }>(escalateSql, [...lease, note]);
  if (!item || !escalated) return null;
  // Before the leases and after them, for the same reasons as in a withdrawal.
  await tx.query(deleteTicketsSql, key);
  const ended = await tx.query<{ id: string; member_id: string; slot: number }>(endAssignmentsSql, key);
  await tx.query(deleteTicketsSql, key);
  const about = { projectId: Number(projectId), actor: `member:${String(memberId)}`, itemId: escalated.item_id };
  await append(
    tx,
    ended.map(({ id, member_id: holder, slot }) => {
      const data = { assignmentId: id, memberId: holder, slot, reason: 'ESCALATED' };
      return { ...about, queueId: item.queue_id, kind: 'ASSIGNMENT_RELEASED', data };
    }),
  );
  return escalated.item_id;
}
