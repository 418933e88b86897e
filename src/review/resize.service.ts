import { Injectable } from '@nestjs/common';

import { Database, type Queryable } from '../database/database.js';
import { LogHint } from '../log/hint.js';
import {
  beginSecondPassSql,
  endSql,
  heldItemsSql,
  isWaitingSql,
  lateGoldSql,
  moveOnSql,
  nextItemsSql,
  takeQueueSql,
} from './resize.sql.js';
import { resize } from './resize.writer.js';

const BATCH = 200;
type Arrived = { id: string; created_at: string };

const FIRST = '00000000-0000-0000-0000-000000000000';

/** Lets open items follow their queues, project by project; see resize.sql.ts. */
@Injectable()
export class ResizeService {
  constructor(
    private readonly database: Database,
    private readonly hint: LogHint,
  ) {}

  /** Does all there is to do now, in all projects. */
  async runOnce(): Promise<void> {
    for (const { id } of await this.database.query<{ id: number }>(`SELECT id FROM project ORDER BY id`)) {
      const waiting = await this.database.query({ name: 'resize-waiting', text: isWaitingSql }, [id]);
      if (waiting.length > 0) await this.project(id);
    }
  }

  private async project(projectId: number): Promise<void> {
    while (await this.database.transaction((tx) => this.step(tx, projectId))) this.hint.wake(projectId);
    for (let after: string | null = FIRST; after !== null;) after = await this.heldAfter(projectId, after);
    this.hint.wake(projectId);
  }

  /** A batch of the items with a slot too many; returns the last of them. */
  private heldAfter(projectId: number, after: string): Promise<string | null> {
    return this.database.transaction(async (tx) => {
      const ids = idsOf(await tx.query<{ id: string }>(heldItemsSql, [projectId, after, BATCH]));
      if (ids.length > 0) await resize(tx, projectId, ids);
      return ids.at(-1) ?? null;
    });
  }

  /** One batch of one queue; false when there is none, or another process is at it. */
  private async step(tx: Queryable, projectId: number): Promise<boolean> {
    type Taken = { queue_id: string; is_second_pass: boolean };
    const [taken] = await tx.query<Taken>(takeQueueSql, [projectId]);
    if (!taken) return false;
    const key = [projectId, taken.queue_id] as const;
    const items = await tx.query<Arrived>(nextItemsSql, [...key, BATCH]);
    const last = items.at(-1);
    if (last) {
      await resize(tx, projectId, idsOf(items));
      await tx.query(moveOnSql, [...key, last.created_at, last.id]);
    } else if (taken.is_second_pass) {
      await this.end(tx, key);
    } else {
      await tx.query(beginSecondPassSql, key);
    }
    return true;
  }

  private async end(tx: Queryable, key: readonly [number, string]): Promise<void> {
    const late = await tx.query<{ id: string }>(lateGoldSql, [...key, BATCH]);
    if (late.length > 0) await resize(tx, key[0], idsOf(late));
    else await tx.query(endSql, key);
  }
}

const idsOf = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id);
