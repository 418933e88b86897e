import { Logger } from '@nestjs/common';

import type { Queryable } from '../database/database.js';
import type { LogEvent } from './event.js';
import * as sql from './follower.sql.js';
import { isAnswer, isRefusedData, type LogDatabase } from './log-database.js';
import { type EventRow, type LogQueries, toEvent } from './reader.queries.js';

/** What somebody downstream does with events. */
export interface FollowerWork {
  /** Names the place in `log_reader`; never change it once it has run. */
  readonly name: string;
  readonly kinds: readonly string[];
  /**
   * For what may come late: after each turn it rests so many times as long as the turn took, and all projects have their
   * turns, so that it leaves the machine to those who wait for an answer and no project waits for the past of another.
   */
  readonly rest?: number;
  /**
   * Does the work for these events of one project, oldest first, through `tx` alone: it is committed together with the
   * place in the log, so each event takes effect exactly once. To throw undoes the work of this call.
   */
  handle(tx: Queryable, projectId: number, events: readonly LogEvent[]): Promise<void>;
}

const BATCH_SIZE = 200;

/**
 * One downstream reader of the log: its place moves in the transaction of its work, and only one instance is at it at a
 * time for each project (the row of its place is the lock).
 *
 * When an event cannot be handled: the batch is tried again event by event, and the one that fails is set aside in
 * `log_parked`, with its error, and tried again after 1 s, 2 s, 4 s … up to every hour, for ever. The others go on. What
 * follows for the same item waits behind it, so for each item the order of the log holds at all times; between items
 * it holds as long as nothing is set aside. That was chosen over stopping at the bad event, because one bad item must not
 * keep the cases of all others from their suites, and over dropping it, because nothing may be lost. Trouble that is not
 * the event's (locks, timeouts, a lost connection) sets nothing aside: the whole batch is tried again.
 */
export class LogFollower {
  private readonly logger: Logger;

  constructor(
    readonly work: FollowerWork,
    private readonly database: LogDatabase,
    private readonly queries: LogQueries,
  ) {
    this.logger = new Logger(`LogFollower ${work.name}`);
  }

  /** Handles all there is in one project; returns how many events were handled. Returns early if another one is at it. */
  async runOnce(projectId: number): Promise<number> {
    let handled = 0;
    while ((await this.database.query(sql.HAS_WORK, [projectId, this.work.name])).length > 0) {
      const step = await this.database.transaction((tx) => this.step(tx, projectId));
      if (step === null) break;
      handled += step;
    }
    return handled;
  }

  /** As runOnce, but at most one batch of events. */
  async turn(projectId: number): Promise<number> {
    if ((await this.database.query(sql.HAS_WORK, [projectId, this.work.name])).length === 0) return 0;
    return (await this.database.transaction((tx) => this.step(tx, projectId))) ?? 0;
  }

  private async step(tx: Queryable, projectId: number): Promise<number | null> {
    const self = [projectId, this.work.name];
    await tx.query(sql.ENROL, self);
    const [place] = await tx.query<{ seq: string }>(sql.TAKE, self);
    if (!place) return null;
    let handled = await this.retryParked(tx, projectId);
    const { kinds } = this.work;
    const page = await this.queries.page(projectId, Number(place.seq), BATCH_SIZE, kinds, tx);
    if (page.events.length > 0) handled += await this.handleBatch(tx, projectId, page.events);
    if (page.end > Number(place.seq)) await tx.query(sql.ADVANCE, [...self, page.end]);
    return handled;
  }

  private async handleBatch(tx: Queryable, projectId: number, events: readonly LogEvent[]): Promise<number> {
    const rows = await tx.query<{ item_id: string }>(sql.PARKED_ITEMS, [projectId, this.work.name]);
    const held = new Set(rows.map((row) => row.item_id));
    const isHeld = (event: LogEvent) => event.itemId !== null && held.has(event.itemId);
    if (!events.some(isHeld) && (await this.attempt(tx, projectId, events)) === null) return events.length;
    let handled = 0;
    for (const event of events) {
      const error = isHeld(event) ? 'waits for an earlier event' : await this.attempt(tx, projectId, [event]);
      if (error === null) handled += 1;
      else await this.park(tx, event, error, !isHeld(event));
      if (error !== null && event.itemId !== null) held.add(event.itemId);
    }
    return handled;
  }

  private async retryParked(tx: Queryable, projectId: number): Promise<number> {
    const self = [projectId, this.work.name];
    let handled = 0;
    for (const row of await tx.query<EventRow>(sql.DUE_PARKED, self)) {
      const event = toEvent(projectId, row);
      const error = await this.attempt(tx, projectId, [event]);
      await (error === null
        ? tx.query(sql.UNPARK, [...self, event.seq])
        : tx.query(sql.PARK_AGAIN, [...self, event.seq, error]));
      if (error === null) handled += 1;
    }
    return handled;
  }

  /** Null when it went well, otherwise what went wrong with these events; their work is undone, the rest stands. */
  private async attempt(tx: Queryable, projectId: number, events: readonly LogEvent[]): Promise<string | null> {
    await tx.query('SAVEPOINT work');
    try {
      await this.work.handle(tx, projectId, events);
      await tx.query('RELEASE SAVEPOINT work');
      return null;
    } catch (error) {
      if (isAnswer(error) && !isRefusedData(error)) throw error;
      // With a broken connection this fails as well, and the whole step is tried again.
      await tx.query('ROLLBACK TO SAVEPOINT work');
      return error instanceof Error ? error.message : String(error);
    }
  }

  private async park(tx: Queryable, event: LogEvent, error: string, wasTried: boolean): Promise<void> {
    const { projectId, seq, itemId, kind } = event;
    await tx.query(sql.PARK, [projectId, this.work.name, seq, itemId, error, wasTried]);
    if (wasTried) this.logger.error(`Set aside event ${seq} (${kind}) of project ${projectId}: ${error}`);
  }
}
