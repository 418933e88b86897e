import { Injectable } from '@nestjs/common';

import type { Queryable } from '../database/database.js';
import { append } from '../log/append.js';
import type { Source } from './promote.record.js';
import { nextRevision, type FedDataset, type Revision } from './promote.revision.js';
import { lockDatasets, moveDatasets, putCases, putRevisions, sources } from './promote.sql.js';

/** Items whose payloads are in memory at once. */
const ITEMS_AT_ONCE = 50;

/**
 * Turns resolved items into eval cases, and withdrawn ones into retractions.
 *
 * It looks at what the items are now and writes a revision only where that differs from the case, so it may be told of an
 * item any number of times and in any order. It runs in the transaction of whoever tells it.
 */
@Injectable()
export class Promoter {
  async promote(tx: Queryable, projectId: number, itemIds: readonly string[]): Promise<void> {
    if (itemIds.length === 0) return;
    const locked = await tx.query<FedDataset & object>(lockDatasets, [projectId]);
    const datasets = new Map(locked.map((dataset) => [dataset.id, dataset]));
    const positions = new Map(locked.map((dataset) => [dataset.id, Number(dataset.position)]));
    if (datasets.size === 0) return;
    for (let i = 0; i < itemIds.length; i += ITEMS_AT_ONCE) {
      const found = await tx.query<Source & object>(sources, [projectId, itemIds.slice(i, i + ITEMS_AT_ONCE)]);
      const revisions = found.flatMap((source) => {
        const dataset = datasets.get(source.datasetId);
        return (dataset && nextRevision(source, dataset, (positions.get(dataset.id) ?? 0) + 1)) ?? [];
      });
      await write(tx, projectId, revisions);
      for (const revision of revisions) positions.set(revision.datasetId, revision.position);
    }
  }
}

async function write(tx: Queryable, projectId: number, revisions: readonly Revision[]): Promise<void> {
  if (revisions.length === 0) return;
  const column = <Value>(value: (revision: Revision) => Value) => revisions.map(value);
  await tx.query(putCases, [
    projectId,
    column((r) => r.datasetId),
    column((r) => r.id),
    column((r) => r.itemId),
    column((r) => r.groupKey),
    column((r) => r.split),
    column((r) => r.revision),
    column((r) => r.contentHash),
    column((r) => r.record === null),
  ]);
  await tx.query(putRevisions, [
    projectId,
    column((r) => r.datasetId),
    column((r) => r.id),
    column((r) => r.revision),
    column((r) => r.position),
    column((r) => r.contentHash),
    column((r) => r.split),
    column((r) => r.verdict),
    column((r) => JSON.stringify(r.tags)),
    column((r) => r.record),
  ]);
  await tx.query(moveDatasets, [
    projectId,
    column((r) => r.datasetId),
    column((r) => r.adds),
    column((r) => r.position),
  ]);
  await append(
    tx,
    revisions.map((r) => ({
      projectId,
      kind: 'CASE_REVISED',
      actor: 'system',
      itemId: r.itemId,
      data: { datasetId: r.datasetId, caseId: r.id, revision: r.revision, isRetracted: r.record === null },
    })),
  );
}
