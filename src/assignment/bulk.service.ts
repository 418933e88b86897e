import { Injectable } from '@nestjs/common';

import { actorOf, type Viewer } from '../access/viewer.js';
import { Database } from '../database/database.js';
import { Refusal } from '../errors.js';
import { ItemStatus } from '../item/item.lifecycle.js';
import { ItemQueries } from '../item/item.queries.js';
import { WithdrawalService } from '../item/withdrawal.service.js';
import { LogHint } from '../log/hint.js';
import { lanesForSql, moveSql } from './bulk.sql.js';
import type { BulkInput } from './bulk.input.js';
import type { BulkPayload, StayedItems } from './bulk.payload.js';
import { bump } from './bump.writer.js';
import { type BulkAction, stayedSql } from './stayed.sql.js';

const MOST_IN_BULK = 1_000;

interface Change {
  readonly action: BulkAction;
  /** Who is to get them, when they are assigned. */
  readonly memberId?: string;
  /** Where they are to go, when they are moved. */
  readonly queue?: string;
  /** Returns which were changed. */
  readonly change: (ids: string[]) => Promise<string[]>;
}

/**
 * What a manager does to many items, with a count first: a dry run says how many are meant, and the call itself is refused
 * when it would no longer be as many. Items that somebody holds are left alone; how many stayed as they were is said by reason.
 */
@Injectable()
export class BulkService {
  constructor(
    private readonly database: Database,
    private readonly items: ItemQueries,
    private readonly withdrawal: WithdrawalService,
    private readonly hint: LogHint,
  ) {}

  move(viewer: Viewer, input: BulkInput, queue: string): Promise<BulkPayload> {
    const change = async (ids: string[]) => {
      const known = await this.database.query(`SELECT FROM queue WHERE project_id = $1 AND key = $2`, [
        viewer.projectId,
        queue,
      ]);
      if (known.length === 0) throw new Refusal('NOT_FOUND', `There is no queue with the key "${queue}".`);
      await this.database.query(lanesForSql, [viewer.projectId, queue, ids]);
      const params = [viewer.projectId, ids, actorOf(viewer), queue];
      return (await this.database.query<{ id: string }>(moveSql, params)).map(({ id }) => id);
    };
    return this.run(viewer, input, { action: 'MOVE', queue, change });
  }

  bump(viewer: Viewer, input: BulkInput, priority: number | null, dueAt: Date | null): Promise<BulkPayload> {
    if (priority === null && dueAt === null) throw new Refusal('INVALID_INPUT', 'Give a priority, a deadline or both.');
    const change = (ids: string[]) =>
      this.database.transaction((tx) => bump(tx, viewer.projectId, actorOf(viewer), ids, { priority, dueAt }));
    return this.run(viewer, input, { action: 'BUMP', change });
  }

  withdraw(viewer: Viewer, input: BulkInput, reason: string | null): Promise<BulkPayload> {
    const change = async (ids: string[]) => {
      const withdrawn: string[] = [];
      for (const id of ids) if (await this.withdrawal.withdrawIfFree(viewer, id, reason)) withdrawn.push(id);
      return withdrawn;
    };
    return this.run(viewer, input, { action: 'WITHDRAW', change });
  }

  /** Counts what is meant, refuses another number than was expected, and has it changed. */
  async run(viewer: Viewer, input: BulkInput, how: Change): Promise<BulkPayload> {
    const ids = await this.chosen(viewer.projectId, input);
    const matched = ids.length;
    if (input.dryRun) return { matched, changed: 0, skipped: 0, stayed: [] };
    if (input.expectedCount != null && input.expectedCount !== matched) {
      const message = `These are ${matched} items by now, not ${input.expectedCount}; nothing was changed.`;
      throw new Refusal('INVALID_INPUT', message, { matched });
    }
    if (input.filter && input.expectedCount == null)
      throw new Refusal(
        'INVALID_INPUT',
        'With a filter, say how many items you expect: expectedCount, from a dry run.',
      );
    const changed = new Set(matched > 0 ? await how.change(ids) : []);
    if (changed.size > 0) this.hint.wake(viewer.projectId);
    const left = ids.filter((id) => !changed.has(id));
    return { matched, changed: changed.size, skipped: left.length, stayed: await this.stayed(viewer, left, how) };
  }

  private async stayed(viewer: Viewer, ids: string[], how: Change): Promise<StayedItems[]> {
    if (ids.length === 0) return [];
    const params = [viewer.projectId, ids, how.action, how.memberId ?? null, how.queue ?? null];
    return this.database.query<StayedItems & Record<string, unknown>>(stayedSql, params);
  }

  private async chosen(projectId: number, { itemIds, filter }: BulkInput): Promise<string[]> {
    if ((itemIds == null) === (filter == null)) throw new Refusal('INVALID_INPUT', 'Give itemIds or a filter.');
    if (itemIds) return [...new Set(itemIds.map((id) => id.toLowerCase()))];
    const waiting = [ItemStatus.OPEN, ItemStatus.IN_REVIEW, ItemStatus.NEEDS_ADJUDICATION];
    const meant = { ...filter, status: filter?.status ?? waiting };
    const { edges } = await this.items.page(projectId, meant, { first: MOST_IN_BULK + 1, after: null });
    if (edges.length > MOST_IN_BULK) {
      throw new Refusal('INVALID_INPUT', `The filter is met by more than 1,000 items; narrow it and go step by step.`);
    }
    return edges.map(({ node }) => node.id);
  }
}
