import { Injectable } from '@nestjs/common';

import type { Queryable } from '../database/database.js';
import { append } from '../log/append.js';
import type { LogEvent } from '../log/event.js';
import type { FollowerWork, LogFollower } from '../log/follower.js';
import { LogFollowers } from '../log/followers.js';
import { LogHint } from '../log/hint.js';
import { Promoter } from './promote.service.js';
import { waitingItems } from './promote.hold.sql.js';
import { resolvedItems } from './promote.sql.js';

/** Items of the past that one transaction takes in. */
const PAST_AT_ONCE = 200;
const FIRST = '00000000-0000-0000-0000-000000000000';

/**
 * Reads the log for datasets: what is resolved becomes a case, what is withdrawn or reopened a retraction, each exactly once, because
 * the reader's place moves in the transaction of its work.
 *
 * A queue that is newly given to a dataset may have resolved many items before. They are taken in a page at a time, each
 * page in the transaction of one event, which appends the event that asks for the next page (DATASET_FILLING): so that
 * too survives every crash, and no transaction is long. What waits in quarantine is judged by a new bar in the same way
 * (DATASET_JUDGING). Known limit: a page walks the project's items by id past those of
 * other queues.
 */
@Injectable()
export class PromotionReader implements FollowerWork {
  readonly name = 'dataset';
  readonly kinds = [
    'ITEM_RESOLVED',
    'ITEM_REOPENED',
    'ITEM_WITHDRAWN',
    'DATASET_SAVED',
    'DATASET_FILLING',
    'DATASET_JUDGING',
  ];
  readonly follower: LogFollower;

  constructor(
    private readonly promoter: Promoter,
    private readonly logHint: LogHint,
    followers: LogFollowers,
  ) {
    this.follower = followers.register(this);
  }

  async handle(tx: Queryable, projectId: number, events: readonly LogEvent[]): Promise<void> {
    const itemIds = events.filter((event) => event.kind.startsWith('ITEM_')).flatMap((event) => event.itemId ?? []);
    await this.promoter.promote(tx, projectId, [...new Set(itemIds)]);
    for (const event of events) {
      if (event.kind === 'DATASET_FILLING') {
        await this.fill(tx, projectId, String(event.queueId), String(event.data.after));
      } else if (event.kind === 'DATASET_SAVED') {
        for (const queueId of queuesOf(event)) await this.fill(tx, projectId, queueId, FIRST);
        if (event.data.barChanged === true) await this.judge(tx, projectId, String(event.data.datasetId), FIRST);
      } else if (event.kind === 'DATASET_JUDGING') {
        await this.judge(tx, projectId, String(event.data.datasetId), String(event.data.after));
      }
    }
  }

  private async fill(tx: Queryable, projectId: number, queueId: string, after: string): Promise<void> {
    const rows = await tx.query<{ id: string }>(resolvedItems, [projectId, queueId, after, PAST_AT_ONCE]);
    const itemIds = rows.map(({ id }) => id);
    await this.promoter.promote(tx, projectId, itemIds);
    const last = itemIds.at(-1);
    if (last === undefined || itemIds.length < PAST_AT_ONCE) return;
    await append(tx, [{ projectId, kind: 'DATASET_FILLING', actor: 'system', queueId, data: { after: last } }]);
    // Before the commit, so it may come too early; the sequencer's own poll finds the event then.
    this.logHint.wake(projectId);
  }

  private async judge(tx: Queryable, projectId: number, datasetId: string, after: string): Promise<void> {
    const rows = await tx.query<{ id: string }>(waitingItems, [projectId, datasetId, after, PAST_AT_ONCE]);
    const itemIds = rows.map(({ id }) => id);
    await this.promoter.promote(tx, projectId, itemIds);
    const last = itemIds.at(-1);
    if (last === undefined || itemIds.length < PAST_AT_ONCE) return;
    await append(tx, [{ projectId, kind: 'DATASET_JUDGING', actor: 'system', data: { datasetId, after: last } }]);
    this.logHint.wake(projectId);
  }
}

function queuesOf(event: LogEvent): string[] {
  const { queuesAdded } = event.data;
  return Array.isArray(queuesAdded) ? queuesAdded.map(String) : [];
}
