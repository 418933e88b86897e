import { Injectable } from '@nestjs/common';

import { actorOf, ApiKeyScope, type Viewer } from '../access/viewer.js';
import { Database, type Queryable } from '../database/database.js';
import { Refusal } from '../errors.js';
import { append } from '../log/append.js';
import type { NewEvent } from '../log/event.js';
import { LogHint } from '../log/hint.js';
import { ItemStatus, next, statusOf, type StoredStatus } from './item.lifecycle.js';
import { ItemQueries } from './item.queries.js';
import { deleteTicketsSql, endAssignmentsSql, lockItemSql, withdrawItemSql } from './withdrawal.sql.js';

interface LockedRow {
  status: StoredStatus;
  queue_id: string;
  reviews_done: number;
  has_lease: boolean;
}

/**
 * Takes an item back before it is answered: its tickets go, live leases end, the status is final. Reviews that are in
 * stay with it, and what a person is writing at that moment is kept as a draft. Withdrawing twice changes nothing.
 *
 * Known limit: a claim that commits in the same instant may keep its lease; the submit is then refused.
 */
@Injectable()
export class WithdrawalService {
  constructor(
    private readonly database: Database,
    private readonly items: ItemQueries,
    private readonly hint: LogHint,
  ) {}

  async withdraw(viewer: Viewer, itemId: string, reason: string | null): Promise<void> {
    if (!(await this.isAllowed(viewer, itemId))) throw notFound();
    await this.database.transaction((tx) => this.take(tx, viewer, itemId, reason));
    this.hint.wake(viewer.projectId);
  }

  /** Only if nobody holds it and it has no final answer; says whether it was withdrawn. For a manager. */
  async withdrawIfFree(viewer: Viewer, itemId: string, reason: string | null): Promise<boolean> {
    const isWithdrawn = await this.database.transaction(async (tx) => {
      const [item] = await tx.query<LockedRow>(lockItemSql, [viewer.projectId, itemId]);
      if (!item || item.has_lease || item.status === 'RESOLVED' || item.status === 'WITHDRAWN') return false;
      await this.take(tx, viewer, itemId, reason);
      return true;
    });
    this.hint.wake(viewer.projectId);
    return isWithdrawn;
  }

  /** A key that may only flag takes back what it flagged itself, and learns nothing of other items. */
  private async isAllowed(viewer: Viewer, itemId: string): Promise<boolean> {
    if (viewer.member || viewer.scopes.includes(ApiKeyScope.MANAGE)) return true;
    return this.items.isFlaggedBy(viewer.projectId, itemId, actorOf(viewer));
  }

  private async take(tx: Queryable, viewer: Viewer, itemId: string, reason: string | null): Promise<void> {
    const key = [viewer.projectId, itemId];
    const [item] = await tx.query<LockedRow>(lockItemSql, key);
    if (!item) throw notFound();
    const from = item.status;
    if (from === ItemStatus.WITHDRAWN) return;
    const activity = { liveLeases: item.has_lease ? 1 : 0, reviewsDone: item.reviews_done };
    if (next(statusOf(from, activity), 'withdrawn', activity) === null) {
      throw new Refusal('ALREADY_RESOLVED', 'The item has its final answer and cannot be withdrawn.');
    }
    await tx.query(withdrawItemSql, key);
    await tx.query(deleteTicketsSql, key);
    const ended = await tx.query<{ id: string; member_id: string; slot: number }>(endAssignmentsSql, key);
    await tx.query(deleteTicketsSql, key);
    const about = { projectId: viewer.projectId, actor: actorOf(viewer), itemId, queueId: item.queue_id };
    const events: NewEvent[] = ended.map(({ id, member_id: memberId, slot }) => {
      return { ...about, kind: 'ASSIGNMENT_RELEASED', data: { assignmentId: id, memberId, slot, reason: 'WITHDRAWN' } };
    });
    await append(tx, [...events, { ...about, kind: 'ITEM_WITHDRAWN', data: { from, reason } }]);
  }
}

function notFound(): Refusal {
  return new Refusal('NOT_FOUND', 'There is no such item, or it is not yours to withdraw.');
}
