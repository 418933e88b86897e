import { Inject, Injectable } from '@nestjs/common';

import { CONFIG, type Config } from '../config.js';
import { Database } from '../database/database.js';
import { GroupCommit } from '../database/group-commit.js';
import { Refusal } from '../errors.js';
import { LogHint } from '../log/hint.js';
import { type FlagRow, flagSql, type StoredRow, toJson } from './flag.sql.js';

/** What became of a row, or why it could not be written: a fault of one row is no fault of its neighbours. */
export type Written = StoredRow | Error;

interface Call {
  readonly projectId: number;
  readonly rows: readonly FlagRow[];
}

const MIB = 1024 * 1024;
/** Rows and bytes of one statement. Longer ones gain nothing and keep a connection for long. */
const MOST_ROWS = 1_000;
const MOST_BYTES = 4 * MIB;
/** Payloads that wait in memory for their statement. */
const MOST_BYTES_WAITING = 64 * MIB;
/** What a row costs beside its payload, in bytes. */
const ROW_BYTES = 512;
/** Retries after a commit that fell between a statement's snapshot and its insert. One is nearly always enough. */
const MOST_LOOKS = 5;

/**
 * Writes flags by group commit: single calls and batches that arrive while a statement is in flight ride in the next
 * one, by project. Each is answered after the COMMIT of the statement that carried it.
 *
 * A row that the database refuses although it was checked is found by halving the group, so its neighbours are
 * written. A statement whose outcome is unknown (the connection broke) is simply run again: it is idempotent, and the
 * item ids tell whether the first attempt wrote the row.
 */
@Injectable()
export class FlagWriter {
  private bytesWaiting = 0;
  private readonly group: GroupCommit<Call, readonly Written[]>;

  constructor(
    @Inject(CONFIG) config: Pick<Config, 'maxQueuedStatements'>,
    private readonly database: Database,
    private readonly hint: LogHint,
  ) {
    this.group = new GroupCommit<Call, readonly Written[]>({
      run: (calls) => this.run(calls),
      sizeOf: ({ rows }) => sizeOf(rows),
      maxGroup: MOST_ROWS,
      maxGroupSize: MOST_BYTES,
      maxWaiting: config.maxQueuedStatements,
    });
  }

  /** One answer for each row, in order. OVERLOADED when too much waits already. */
  async write(projectId: number, rows: readonly FlagRow[]): Promise<Written[]> {
    const bytes = sizeOf(rows);
    if (this.bytesWaiting > 0 && this.bytesWaiting + bytes > MOST_BYTES_WAITING) {
      throw new Refusal('OVERLOADED', 'Too many outputs are waiting to be stored; try again shortly.', {
        retryAfterSeconds: 1,
      });
    }
    this.bytesWaiting += bytes;
    try {
      const calls = chunks(rows).map((chunk) => this.group.submit({ projectId, rows: chunk }));
      // All settled, so that no part goes on unseen after the answer.
      const parts = await Promise.allSettled(calls);
      return parts.flatMap((part, i) => {
        if (part.status === 'fulfilled') return part.value;
        return chunks(rows)[i]!.map(() => part.reason as Error);
      });
    } finally {
      this.bytesWaiting -= bytes;
    }
  }

  /** Never rejects: what goes wrong is an answer of the rows that it concerns. */
  private async run(calls: readonly Call[]): Promise<Written[][]> {
    const answers: Written[][] = calls.map(() => []);
    const projects = new Set(calls.map((call) => call.projectId));
    const writing = [...projects].map(async (projectId) => {
      const mine = calls.flatMap((call, i) => (call.projectId === projectId ? [{ call, i }] : []));
      const written = await this.store(
        projectId,
        mine.flatMap(({ call }) => call.rows),
      );
      let from = 0;
      for (const { call, i } of mine) answers[i] = written.slice(from, (from += call.rows.length));
      this.hint.wake(projectId);
    });
    await Promise.all(writing);
    return answers;
  }

  private async store(projectId: number, rows: readonly FlagRow[], isRetry = false): Promise<Written[]> {
    try {
      return await this.storeAll(projectId, rows);
    } catch (error) {
      const failure = error as Error & { code?: string };
      if (!isRetry && isPassing(failure)) return this.store(projectId, rows, true);
      if (rows.length === 1 || !isOfData(failure)) return rows.map(() => failure);
      const middle = rows.length >> 1;
      const first = await this.store(projectId, rows.slice(0, middle));
      return [...first, ...(await this.store(projectId, rows.slice(middle)))];
    }
  }

  private async storeAll(projectId: number, rows: readonly FlagRow[]): Promise<Written[]> {
    const written = Array.from<Written>({ length: rows.length });
    let open = rows.map((row, place) => ({ row, place }));
    for (let look = 0; open.length > 0; look++) {
      const sent = open;
      const answers = await this.database.query<StoredRow & Record<string, unknown>>(flagSql, [
        projectId,
        toJson(sent.map(({ row }) => row)),
      ]);
      for (const answer of answers) written[sent[answer.n]!.place] = answer;
      open = look < MOST_LOOKS ? sent.filter(({ row, place }) => isStillOpen(row, written[place] as StoredRow)) : [];
    }
    return written;
  }
}

/** Somebody else committed the same external id at this moment; the next look finds it. */
function isStillOpen(row: FlagRow, stored: StoredRow): boolean {
  return stored.hash === null && (row.itemId === null || stored.queue_id !== null);
}

function sizeOf(rows: readonly FlagRow[]): number {
  return rows.reduce((sum, row) => sum + row.bytes + ROW_BYTES, 0);
}

function chunks(rows: readonly FlagRow[]): FlagRow[][] {
  const parts: FlagRow[][] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = row.bytes + ROW_BYTES;
    const last = parts[parts.length - 1];
    if (!last || last.length >= MOST_ROWS || bytes + size > MOST_BYTES) {
      parts.push([row]);
      bytes = size;
    } else {
      last.push(row);
      bytes += size;
    }
  }
  return parts;
}

/** A lost connection, a server that restarts, a deadlock: the same statement may succeed now. */
function isPassing({ code = '', message }: { code?: string; message: string }): boolean {
  return /^(08|57P0|40)/.test(code) || code === 'ECONNRESET' || message.startsWith('Connection terminated');
}

/** What the data caused: out of range, not valid, against a constraint, too large. */
function isOfData({ code = '' }: { code?: string }): boolean {
  return /^(21|22|23|54)/.test(code);
}
