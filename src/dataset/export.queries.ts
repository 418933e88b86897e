import { Injectable } from '@nestjs/common';

import { Database } from '../database/database.js';
import { Refusal } from '../errors.js';
import { decodeCursor } from '../log/cursor.js';
import { casePage, keyPage } from './export.sql.js';
import { DatasetHash, FIRST_CASE, type ExportTarget } from './export.target.js';
import type { ExportFormat, StoredCase } from './formats/format.js';

const PAGE_ROWS = 1_000;
const PAGE_BYTES = 4 * 1024 * 1024;

type KeyRow = Pick<StoredCase, 'id' | 'revision' | 'contentHash'>;

interface DatasetRow {
  readonly id: string;
  readonly key: string;
  readonly case_count: number;
  readonly changed_position: string;
  readonly reader_seq: string;
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

/** Reads datasets page by page, at a fixed position of the log. */
@Injectable()
export class ExportQueries {
  constructor(private readonly database: Database) {}

  /** Finds the position that the request means; what does not exist is NOT_FOUND. */
  async target(projectId: number, request: ExportRequest): Promise<ExportTarget> {
    const [row] = await this.database.query<DatasetRow & object>(
      `SELECT d.id, d.key, d.case_count, d.changed_position, coalesce(l.seq, 0) AS reader_seq,
              s.position AS snapshot_position, s.case_count AS snapshot_count,
              'sha256:' || encode(s.hash, 'hex') AS snapshot_hash
       FROM dataset d
       LEFT JOIN log_reader l ON l.project_id = $1 AND l.name = 'dataset'
       LEFT JOIN snapshot s ON s.project_id = $1 AND s.dataset_id = d.id AND s.version = $3
       WHERE d.project_id = $1 AND d.key = $2`,
      [projectId, request.dataset, request.snapshot],
    );
    if (!row) throw new Refusal('NOT_FOUND', `There is no dataset "${request.dataset}".`);
    if (request.snapshot !== null && row.snapshot_position === null) {
      throw new Refusal('NOT_FOUND', `Dataset "${row.key}" has no snapshot ${request.snapshot}.`);
    }
    const now = Number(row.snapshot_position ?? row.changed_position);
    const at = request.at === null ? now : decodeCursor(projectId, request.at);
    const since = request.since === null ? 0 : decodeCursor(projectId, request.since);
    if (at > Math.max(now, Number(row.reader_seq))) {
      throw new Refusal('INVALID_INPUT', '`at` names a position that the dataset has not come to yet.');
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
    };
  }

  /**
   * The cases in pages of at most 1,000 rows or 4 MiB, sorted by id. The next page is read while the last one is used,
   * so two are in memory at once.
   */
  async *pages(target: ExportTarget, after: string = FIRST_CASE): AsyncGenerator<readonly StoredCase[], void> {
    const { projectId, datasetId, at, since } = target;
    const read = (from: string) =>
      this.database.query<StoredCase & object>(casePage, [
        projectId,
        datasetId,
        at,
        since,
        from,
        PAGE_ROWS,
        PAGE_BYTES,
      ]);
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

  /** The hash of a whole dataset at a position, and how many cases it has there. */
  async hash(target: Pick<ExportTarget, 'projectId' | 'datasetId' | 'at'>): Promise<DatasetHash> {
    const hash = new DatasetHash();
    let after = FIRST_CASE;
    for (;;) {
      const params = [target.projectId, target.datasetId, target.at, 0, after, PAGE_ROWS * 10];
      const page = await this.database.query<KeyRow & object>(keyPage, params);
      for (const row of page) hash.add(row);
      const last = page.at(-1);
      if (!last) return hash;
      after = last.id;
    }
  }
}
