import { createHash } from 'node:crypto';

import type { ExportFormat } from './formats/format.js';

/** Exactly what is exported; two exports of the same target are the same bytes. */
export interface ExportTarget {
  readonly projectId: number;
  readonly datasetId: string;
  readonly dataset: string;
  /** Null for the dataset as it is now. */
  readonly snapshot: number | null;
  /** The hash of the snapshot, `sha256:` and hexadecimal digits; null without a snapshot. */
  readonly hash: string | null;
  /** The position of the dataset at which it is read. */
  readonly at: number;
  /** Only what changed after this position; 0 for everything. */
  readonly since: number;
  readonly format: ExportFormat;
  /** How many cases there are, retractions and skipped ones not counted; null for an incremental export. */
  readonly caseCount: number | null;
  /** No record of the dataset has more bytes, now or at any position before. */
  readonly largestRecord: number;
}

/** The first id of all: every case comes after it. */
export const FIRST_CASE = '00000000-0000-0000-0000-000000000000';

/**
 * The hash of a dataset: SHA-256 over the lines "id revision content_hash", each ended by a newline, sorted by id.
 * Two exports with the same hash hold the same revisions of the same cases.
 */
export class DatasetHash {
  private readonly sum = createHash('sha256');
  private lines = 0;

  get count(): number {
    return this.lines;
  }

  add(row: { readonly id: string; readonly revision: number; readonly contentHash: string }): void {
    this.sum.update(`${row.id} ${row.revision} ${row.contentHash}\n`);
    this.lines += 1;
  }

  digest(): Buffer {
    return this.sum.digest();
  }
}
