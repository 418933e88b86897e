import { Injectable } from '@nestjs/common';
import { stringify as uuidOf } from 'uuid';

import { LineBuffer } from '../database/copy-lines.js';
import { Database } from '../database/database.js';
import { leaveGarbage } from '../database/young-garbage.js';
import { Refusal } from '../errors.js';
import { decodeExportCursor } from './export.cursor.js';
import { casesIn, keysIn } from './export.lines.js';
import { casePage, keyPage, recordPage } from './export.sql.js';
import { DatasetHash, FIRST_CASE, type ExportTarget } from './export.target.js';
import type { CaseKey, ExportFormat, StoredCase } from './formats/format.js';

const PAGE_ROWS = 1_000;
/** Of what changed since a position, retractions included, which is read as rows. */
const PAGE_BYTES = 384 * 1024;
/** Of all else, which is read as bytes. */
const LINES_BYTES = 1024 * 1024;
const KEY_ROWS = 2_000;
/** What a page of records may weigh whose sizes are not looked at. */
const UNSIZED_PAGE_BYTES = 2 * LINES_BYTES;
/** Fewer rows than these are not worth a statement. */
const LEAST_UNSIZED_ROWS = 200;

interface DatasetRow {
  readonly id: string;
  readonly key: string;
  readonly case_count: number;
  readonly largest_record: number;
  readonly position: string;
  readonly snapshot_position: string | null;
  readonly snapshot_count: number | null;
  readonly snapshot_hash: string | null;
}

/** What is asked for, in the caller's words. */
export interface ExportRequest {
  readonly dataset: string;
  readonly format: ExportFormat;
  readonly snapshot: number | null;
  readonly at: string | null;
  readonly since: string | null;
}

type Place = Pick<ExportTarget, 'projectId' | 'datasetId' | 'at'>;

/** Reads datasets page by page, at a fixed position. */
@Injectable()
export class ExportQueries {
  constructor(private readonly database: Database) {}

  /** Finds the state that the request means; what does not exist is NOT_FOUND. */
  async target(projectId: number, request: ExportRequest): Promise<ExportTarget> {
    const [row] = await this.database.query<DatasetRow & object>(
      `SELECT d.id, d.key, d.case_count, d.largest_record, d.position,
              s.position AS snapshot_position, s.case_count AS snapshot_count,
              'sha256:' || encode(s.hash, 'hex') AS snapshot_hash
       FROM dataset d
       LEFT JOIN snapshot s ON s.project_id = $1 AND s.dataset_id = d.id AND s.version = $3
       WHERE d.project_id = $1 AND d.key = $2`,
      [projectId, request.dataset, request.snapshot],
    );
    if (!row) throw new Refusal('NOT_FOUND', `There is no dataset "${request.dataset}".`);
    if (request.snapshot !== null && row.snapshot_position === null) {
      throw new Refusal('NOT_FOUND', `Dataset "${row.key}" has no snapshot ${request.snapshot}.`);
    }
    const now = Number(row.snapshot_position ?? row.position);
    const at = request.at === null ? now : decodeExportCursor('at', row.id, request.at);
    const since = request.since === null ? 0 : decodeExportCursor('since', row.id, request.since);
    if (at > Number(row.position) || since > at) {
      throw new Refusal('INVALID_INPUT', 'This cursor names a state that comes later than the one to export.');
    }
    const count = row.snapshot_count ?? row.case_count;
    return {
      projectId,
      datasetId: row.id,
      dataset: row.key,
      snapshot: request.snapshot,
      hash: row.snapshot_hash,
      at,
      since,
      format: request.format,
      caseCount: since === 0 && at === now ? count : null,
      largestRecord: row.largest_record,
    };
  }

  /**
   * The records of a whole dataset as lines of bytes, sorted by id, a page at a time. What is yielded is good until the
   * next turn: two buffers take turns, one is read into while the other is used.
   */
  lines(target: ExportTarget, after: string = FIRST_CASE): AsyncGenerator<Buffer, void> {
    return this.copied((from) => recordPageOf(target, from), after);
  }

  private async *copied(pageAfter: (after: string) => string, after: string): AsyncGenerator<Buffer, void> {
    const buffers = [new LineBuffer(LINES_BYTES), new LineBuffer(LINES_BYTES)] as const;
    const read = async (into: LineBuffer, from: string) => {
      await this.database.copyLines(pageAfter(from), into);
      leaveGarbage(into.lines.length);
      return into;
    };
    let next = read(buffers[0], after);
    for (let turn = 1; ; turn += 1) {
      const page = await next;
      if (!page.lastKey) return;
      next = read(buffers[turn % 2 === 0 ? 0 : 1], uuidOf(page.lastKey));
      next.catch(() => undefined);
      yield page.lines;
    }
  }

  /**
   * The cases in pages, sorted by id; a page can be gone through once. Of a whole dataset a page is bytes, of which one
   * case at a time becomes an object: what lives no longer than that costs the garbage collector nothing.
   */
  async *pages(target: ExportTarget, after: string = FIRST_CASE): AsyncGenerator<Iterable<StoredCase>, void> {
    if (target.since > 0) yield* this.changed(target, after);
    else for await (const bytes of this.lines(target, after)) yield casesIn(bytes);
  }

  /** What changed, in pages of at most 1,000 rows or 384 KiB, the next of which is read while the last one is used. */
  private async *changed(target: ExportTarget, after: string): AsyncGenerator<readonly StoredCase[], void> {
    const read = (from: string) => this.page(target, from, PAGE_ROWS);
    let next = read(after);
    for (;;) {
      const page = await next;
      const last = page.at(-1);
      if (!last) return;
      next = read(last.id);
      // Nobody may be left to await it when the reader goes away; the failure shows on the next turn otherwise.
      next.catch(() => undefined);
      yield page;
    }
  }

  /** Up to `rows` cases after that id, fewer when they are large; none when there are no more. */
  page(target: ExportTarget, after: string, rows: number): Promise<StoredCase[]> {
    const { projectId, datasetId, at, since } = target;
    const params = [projectId, datasetId, at, since, after, rows, PAGE_BYTES];
    return this.database.query<StoredCase & object>(casePage, params);
  }

  /** What there is of a whole dataset at a position, sorted by id, without the records. */
  async *keys({ projectId, datasetId, at }: Place): AsyncGenerator<Iterable<CaseKey>, void> {
    const pageAfter = (after: string) => keyPage([projectId, datasetId, at, 0, after, KEY_ROWS]);
    for await (const bytes of this.copied(pageAfter, FIRST_CASE)) yield keysIn(bytes);
  }

  /** The hash of a whole dataset at a position, and how many cases it has there. */
  async hash(target: Place): Promise<DatasetHash> {
    const hash = new DatasetHash();
    for await (const page of this.keys(target)) for (const row of page) hash.add(row);
    return hash;
  }
}

function recordPageOf({ projectId, datasetId, at, largestRecord }: ExportTarget, after: string): string {
  const rows = Math.floor(UNSIZED_PAGE_BYTES / (largestRecord + 1));
  const isSized = rows < LEAST_UNSIZED_ROWS;
  const params = [projectId, datasetId, at, 0, after, isSized ? PAGE_ROWS : Math.min(rows, PAGE_ROWS), LINES_BYTES];
  return recordPage(params, isSized);
}
