import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import { Database } from '../database/database.js';
import { Refusal } from '../errors.js';
import { Dataset } from './dataset.entity.js';
import { Snapshot } from './snapshot.entity.js';

/** Plain reads of datasets and snapshots. */
@Injectable()
export class DatasetQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly database: Database,
  ) {}

  /** All datasets of a project, by key. */
  all(projectId: number): Promise<Dataset[]> {
    return this.dataSource.getRepository(Dataset).find({ where: { projectId }, order: { key: 'ASC' } });
  }

  byKey(projectId: number, key: string): Promise<Dataset | null> {
    return this.dataSource.getRepository(Dataset).findOneBy({ projectId, key });
  }

  /** NOT_FOUND when there is none. */
  async need(projectId: number, key: string): Promise<Dataset> {
    const dataset = await this.byKey(projectId, key);
    if (!dataset) throw new Refusal('NOT_FOUND', `There is no dataset "${key}".`);
    return dataset;
  }

  /** Newest first. */
  snapshots(dataset: Dataset, first: number): Promise<Snapshot[]> {
    const { projectId, id: datasetId } = dataset;
    const where = { projectId, datasetId };
    return this.dataSource.getRepository(Snapshot).find({ where, order: { version: 'DESC' }, take: first });
  }

  snapshot(dataset: Dataset, version: number): Promise<Snapshot | null> {
    const { projectId, id: datasetId } = dataset;
    return this.dataSource.getRepository(Snapshot).findOneBy({ projectId, datasetId, version });
  }

  /** Keys of the queues that feed it, sorted. */
  async queueKeys(dataset: Dataset): Promise<string[]> {
    const rows = await this.database.query<{ key: string }>(
      `SELECT q.key FROM dataset_queue f JOIN queue q ON q.project_id = $1 AND q.id = f.queue_id
       WHERE f.project_id = $1 AND f.dataset_id = $2 ORDER BY q.key COLLATE "C"`,
      [dataset.projectId, dataset.id],
    );
    return rows.map(({ key }) => key);
  }
}
