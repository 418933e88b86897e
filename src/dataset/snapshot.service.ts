import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';

import { actorOf, type Viewer } from '../access/viewer.js';
import { Database, type Queryable } from '../database/database.js';
import { append } from '../log/append.js';
import { LogHint } from '../log/hint.js';
import { DatasetQueries } from './dataset.queries.js';
import { ExportQueries } from './export.queries.js';
import type { DatasetHash } from './export.target.js';

/**
 * Freezes datasets. A snapshot is a position of its dataset with a number and a hash: what the dataset was there cannot
 * change any more, so nothing is copied, and only the hash has to look at every case.
 *
 * Freezing what has not changed since the last snapshot gives that snapshot back: a number stands for one content.
 */
@Injectable()
export class SnapshotService {
  constructor(
    private readonly database: Database,
    private readonly datasets: DatasetQueries,
    private readonly exports: ExportQueries,
    private readonly logHint: LogHint,
  ) {}

  /** The version, and whether it was made now. NOT_FOUND when there is no such dataset. */
  async create(viewer: Viewer, key: string): Promise<{ version: number; isNew: boolean }> {
    const dataset = await this.datasets.need(viewer.projectId, key);
    const at = Number(dataset.position);
    const known = await latest(this.database, viewer.projectId, dataset.id);
    if (known && Number(known.position) >= at) return { version: known.version, isNew: false };
    const hash = await this.exports.hash({ projectId: viewer.projectId, datasetId: dataset.id, at });
    const made = await this.database.transaction((tx) => freeze(tx, viewer, { ...dataset, at, hash }));
    if (made.isNew) this.logHint.wake(viewer.projectId);
    return made;
  }
}

interface Frozen {
  readonly id: string;
  readonly key: string;
  readonly at: number;
  readonly hash: DatasetHash;
}

/** Two at once: the lock puts them in order, and the later one finds the snapshot of the earlier. */
async function freeze(tx: Queryable, viewer: Viewer, frozen: Frozen): Promise<{ version: number; isNew: boolean }> {
  const { projectId } = viewer;
  await tx.query(`SELECT FROM dataset WHERE project_id = $1 AND id = $2 FOR NO KEY UPDATE`, [projectId, frozen.id]);
  const known = await latest(tx, projectId, frozen.id);
  if (known && Number(known.position) >= frozen.at) return { version: known.version, isNew: false };
  const version = (known?.version ?? 0) + 1;
  await tx.query(
    `INSERT INTO snapshot (project_id, id, dataset_id, version, position, hash, case_count, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [projectId, uuidv7(), frozen.id, version, frozen.at, frozen.hash.digest(), frozen.hash.count, actorOf(viewer)],
  );
  const data = { key: frozen.key, datasetId: frozen.id, version, cases: frozen.hash.count };
  await append(tx, [{ projectId, kind: 'SNAPSHOT_CREATED', actor: actorOf(viewer), data }]);
  return { version, isNew: true };
}

async function latest(
  db: Queryable,
  projectId: number,
  datasetId: string,
): Promise<{ version: number; position: string } | undefined> {
  const [row] = await db.query<{ version: number; position: string }>(
    `SELECT version, position FROM snapshot WHERE project_id = $1 AND dataset_id = $2 ORDER BY version DESC LIMIT 1`,
    [projectId, datasetId],
  );
  return row;
}
