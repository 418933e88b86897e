import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable, Logger } from '@nestjs/common';

import type { Queryable } from '../database/database.js';
import { chainHash, GENESIS } from './chain.js';
import type { LogEvent } from './event.js';
import { LogFolds } from './fold.js';
import { LogHint } from './hint.js';
import { isAnswer, isRefusedData, LogDatabase } from './log-database.js';
import { HAS_WAITING, LOCK, MOVE, SEQUENCER_LOCK, WAITING } from './sequencer.sql.js';

interface WaitingRow {
  id: string;
  kind: string;
  actor: string;
  item_id: string | null;
  queue_id: string | null;
  data: string;
  at: Date;
  at_micros: string;
  head_seq: string | null;
  head_hash: Buffer | null;
}

/** What one transaction of the sequencer did. BUSY: another instance is at this project's log right now. */
export type Batch = { readonly moved: number; readonly isFull: boolean } | 'BUSY';

const BATCH_SIZE = 1_000;

/**
 * Gives every change its place: moves committed outbox rows into the log, in one transaction a batch that also extends
 * the hash chain, applies the folds and sends one NOTIFY.
 *
 * One at a time for each project, by an advisory lock that lives as long as the transaction. There is no leader: every
 * instance runs this, and whoever is woken first does the work. Killed at any point, the transaction is undone as a
 * whole: nothing is lost, doubled or skipped, and the next run starts from the same rows.
 *
 * A row cannot be too bad to be moved: the outbox refuses what the log would refuse. A fold that fails on an event is
 * skipped for that event alone, loudly (a recount then shows the difference); a project whose batch fails does not
 * touch the others. Known limit: one project's log grows by about as many events as one connection can insert.
 */
@Injectable()
export class Sequencer {
  private readonly logger = new Logger(Sequencer.name);

  constructor(
    private readonly database: LogDatabase,
    private readonly folds: LogFolds,
    private readonly hint: LogHint,
  ) {}

  /** Moves everything that is committed now, in all projects; returns how many events that made. */
  async runOnce(): Promise<number> {
    let moved = 0;
    for (const projectId of await this.projects()) {
      for (let batch = await this.batch(projectId); ; batch = await this.batch(projectId)) {
        if (batch === 'BUSY') {
          await sleep(5);
          continue;
        }
        moved += batch.moved;
        if (batch.moved === 0) break;
      }
    }
    return moved;
  }

  async projects(): Promise<number[]> {
    return (await this.database.query<{ id: number }>(`SELECT p.id FROM project p ORDER BY p.id`)).map(({ id }) => id);
  }

  async hasWaiting(projectId: number): Promise<boolean> {
    const [row] = await this.database.query<{ is_waiting: boolean }>(HAS_WAITING, [projectId]);
    return row!.is_waiting;
  }

  /** One transaction: at most 1,000 events of one project. */
  async batch(projectId: number): Promise<Batch> {
    const result = await this.attempt(projectId, false).catch((error: unknown) => {
      if (!(error instanceof FoldFailed)) throw error;
      this.logger.error(`${error.message}; going on event by event`);
      return this.attempt(projectId, true);
    });
    if (result === 'BUSY') return result;
    if (result.moved > 0) this.hint.grown(projectId);
    return result;
  }

  private attempt(projectId: number, isCareful: boolean): Promise<Batch> {
    return this.database.transaction(async (tx) => {
      const [lock] = await tx.query<{ is_held: boolean }>(LOCK, [SEQUENCER_LOCK, projectId]);
      if (!lock!.is_held) return 'BUSY';
      const rows = await tx.query<WaitingRow>(WAITING, [projectId, BATCH_SIZE]);
      if (rows.length === 0) return { moved: 0, isFull: false };
      const events = await move(tx, projectId, rows);
      for (const fold of this.folds.all) {
        if (isCareful) await this.foldOneByOne(tx, fold, projectId, events);
        else await fold.apply(tx, projectId, events).catch(failFold(fold.name));
      }
      return { moved: rows.length, isFull: rows.length === BATCH_SIZE };
    });
  }

  private async foldOneByOne(
    tx: Queryable,
    fold: LogFolds['all'][number],
    projectId: number,
    events: readonly LogEvent[],
  ): Promise<void> {
    for (const event of events) {
      await tx.query('SAVEPOINT fold');
      try {
        await fold.apply(tx, projectId, [event]);
        await tx.query('RELEASE SAVEPOINT fold');
      } catch (error) {
        // A lock, a timeout or a missing table is not the event's fault: the batch is tried again. With a broken
        // connection the rollback fails as well, which ends the same way.
        if (isAnswer(error) && !isRefusedData(error)) throw error;
        await tx.query('ROLLBACK TO SAVEPOINT fold');
        this.logger.error(
          `Fold ${fold.name} fails on event ${event.seq} of project ${projectId} and leaves it out: ${String(error)}`,
        );
      }
    }
  }
}

class FoldFailed extends Error {}

function failFold(name: string): (error: unknown) => never {
  return (error) => {
    throw new FoldFailed(`Fold ${name} failed: ${String(error)}`, { cause: error });
  };
}

async function move(tx: Queryable, projectId: number, rows: readonly WaitingRow[]): Promise<LogEvent[]> {
  const head = Number(rows[0]!.head_seq ?? 0);
  let hash = rows[0]!.head_hash ?? GENESIS;
  const hashes: Buffer[] = [];
  const events = rows.map((row, index): LogEvent => {
    const seq = head + index + 1;
    const event = { projectId, seq, kind: row.kind, actor: row.actor, itemId: row.item_id, queueId: row.queue_id };
    hash = chainHash(hash, { ...event, data: row.data, atMicros: row.at_micros });
    hashes.push(hash);
    return { ...event, data: JSON.parse(row.data) as Record<string, unknown>, at: row.at };
  });
  const payload = `${projectId} ${head + rows.length}`;
  const params = [projectId, rows.map((row) => row.id), hashes, head, GENESIS, payload];
  const [result] = await tx.query<{ placed: number; heads: number }>(MOVE, params);
  if (result!.placed !== rows.length || result!.heads !== 1) {
    throw new Error(`The log of project ${projectId} was changed by somebody who is not the sequencer.`);
  }
  return events;
}
