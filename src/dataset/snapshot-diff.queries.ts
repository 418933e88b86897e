import { Injectable } from '@nestjs/common';

import { Database } from '../database/database.js';
import { Refusal } from '../errors.js';
import { isUuid } from '../item/item.cursor.js';
import { DatasetQueries } from './dataset.queries.js';
import { FIRST_CASE } from './export.target.js';
import { countChanges, pageOfChanges } from './snapshot-diff.sql.js';
import type { CaseChange, ChangedCase, ChangedCaseConnection, SnapshotDiff } from './snapshot-diff.type.js';

const PREFIX = 'change:';

interface ChangesPage {
  readonly change: CaseChange | null;
  readonly first: number;
  readonly after: string | null;
}

/** Compares snapshots with later ones, or with the dataset as it is. */
@Injectable()
export class SnapshotDiffQueries {
  constructor(
    private readonly database: Database,
    private readonly datasets: DatasetQueries,
  ) {}

  /** NOT_FOUND when there is no such dataset or snapshot, INVALID_INPUT when `to` is the earlier one. */
  async diff(projectId: number, key: string, from: number, to: number | null): Promise<SnapshotDiff> {
    const dataset = await this.datasets.need(projectId, key);
    const positionOf = async (version: number) => {
      const snapshot = await this.datasets.snapshot(dataset, version);
      if (!snapshot) throw new Refusal('NOT_FOUND', `Dataset "${key}" has no snapshot ${version}.`);
      return snapshot.position;
    };
    if (to !== null && to < from) {
      throw new Refusal('INVALID_INPUT', `Snapshot ${to} is earlier than ${from}; give the earlier one as "from".`);
    }
    const fromPosition = await positionOf(from);
    const toPosition = to === null ? dataset.position : await positionOf(to);
    const params = [projectId, dataset.id, fromPosition, toPosition];
    const rows = await this.database.query<{ change: CaseChange; count: number }>(countChanges, params);
    const count = (change: string) => rows.find((row) => row.change === change)?.count ?? 0;
    const state = { projectId, dataset: key, datasetId: dataset.id, fromPosition, toPosition, from, to };
    return { ...state, added: count('ADDED'), changed: count('CHANGED'), retracted: count('RETRACTED') };
  }

  async changes(diff: SnapshotDiff, { change, first, after }: ChangesPage): Promise<ChangedCaseConnection> {
    const { projectId, dataset, datasetId, fromPosition, toPosition } = diff;
    const from = after === null ? FIRST_CASE : decodeCursor(after);
    const params = [projectId, datasetId, fromPosition, toPosition, from, change, first + 1];
    const rows = await this.database.query<ChangedCase & object>(pageOfChanges, params);
    const edges = rows.slice(0, first).map((row) => {
      const cursor = Buffer.from(PREFIX + row.caseId).toString('base64url');
      return { cursor, node: { ...row, projectId, dataset } };
    });
    return { edges, pageInfo: { hasNextPage: rows.length > first, endCursor: edges.at(-1)?.cursor ?? null } };
  }
}

function decodeCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  if (text.startsWith(PREFIX) && isUuid(text.slice(PREFIX.length))) return text.slice(PREFIX.length);
  throw new Refusal('INVALID_INPUT', 'after: not a cursor of this list; pass back an endCursor as it came.');
}
