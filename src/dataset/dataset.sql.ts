import type { Queryable } from '../database/database.js';
import type { DatasetSetup } from './dataset.draft.js';
import type { Bar } from './promote.bar.js';

export interface StoredDataset {
  readonly id: string;
  readonly caseCount: number;
  readonly setup: DatasetSetup;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly case_count: number;
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  readonly queues: string[];
  readonly bar: Bar;
}

/** Locks the dataset, so that no case gets a split while its percentages are being changed. */
export async function readDataset(tx: Queryable, projectId: number, key: string): Promise<StoredDataset | null> {
  const [row] = await tx.query<Row & object>(
    `SELECT d.id, d.name, d.case_count, d.train_percent AS train, d.validation_percent AS validation,
            d.test_percent AS test,
            json_build_object('verdicts', d.bar_verdicts, 'minAgreement', d.bar_min_agreement,
              'minReviewers', d.bar_min_reviewers, 'adjudicatedPasses', d.bar_adjudicated_passes) AS bar,
            ARRAY(SELECT q.key FROM dataset_queue f JOIN queue q ON q.project_id = $1 AND q.id = f.queue_id
                  WHERE f.project_id = $1 AND f.dataset_id = d.id ORDER BY q.key COLLATE "C") AS queues
     FROM dataset d WHERE d.project_id = $1 AND d.key = $2 FOR NO KEY UPDATE OF d`,
    [projectId, key],
  );
  if (!row) return null;
  const { name, queues, train, validation, test, bar } = row;
  const setup = { key, name, queues, split: { train, validation, test }, bar };
  return { id: row.id, caseCount: row.case_count, setup };
}

export async function readQueueIds(tx: Queryable, projectId: number): Promise<Map<string, string>> {
  const rows = await tx.query<{ key: string; id: string }>(`SELECT key, id FROM queue WHERE project_id = $1`, [
    projectId,
  ]);
  return new Map(rows.map(({ key, id }) => [key, id]));
}

/** The salt is given once, when the dataset is made; a later save keeps the one that is there. */
export async function writeDataset(
  tx: Queryable,
  projectId: number,
  dataset: { readonly id: string; readonly setup: DatasetSetup; readonly queueIds: readonly string[] },
  salt: string,
): Promise<void> {
  const { id, setup, queueIds } = dataset;
  const { split, bar } = setup;
  // prettier-ignore
  const params = [
    projectId, id, setup.key, setup.name, salt, split.train, split.validation, split.test,
    bar.verdicts, bar.minAgreement, bar.minReviewers, bar.adjudicatedPasses,
  ];
  await tx.query(
    `INSERT INTO dataset (project_id, id, key, name, salt, train_percent, validation_percent, test_percent,
       bar_verdicts, bar_min_agreement, bar_min_reviewers, bar_adjudicated_passes)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT ON CONSTRAINT dataset_pkey DO UPDATE SET name = excluded.name, train_percent = excluded.train_percent,
       validation_percent = excluded.validation_percent, test_percent = excluded.test_percent,
       bar_verdicts = excluded.bar_verdicts, bar_min_agreement = excluded.bar_min_agreement,
       bar_min_reviewers = excluded.bar_min_reviewers, bar_adjudicated_passes = excluded.bar_adjudicated_passes`,
    params,
  );
  await tx.query(`DELETE FROM dataset_queue WHERE project_id = $1 AND dataset_id = $2 AND queue_id <> ALL ($3)`, [
    projectId,
    id,
    queueIds,
  ]);
  await tx.query(
    `INSERT INTO dataset_queue (project_id, dataset_id, queue_id) SELECT $1, $2, unnest($3::uuid[])
     ON CONFLICT ON CONSTRAINT dataset_queue_pkey DO NOTHING`,
    [projectId, id, queueIds],
  );
}
