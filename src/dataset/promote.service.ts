import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';

import type { Queryable } from '../database/database.js';
import { append } from '../log/append.js';
import type { LogEvent } from '../log/event.js';
import { caseContent, contentHash } from './eval-case.record.js';
import { expectedOf, groupKeyOf, recordLine, type Source } from './promote.record.js';
import { lockDatasets, moveDatasets, putCases, putRevisions, sources } from './promote.sql.js';
import { splitOf, type Split } from './split.js';

/** Items whose payloads are in memory at once. */
const ITEMS_AT_ONCE = 50;

interface DatasetRow {
  readonly id: string;
  readonly salt: string;
  readonly train_percent: number;
  readonly validation_percent: number;
  readonly test_percent: number;
}

/** The next revision of a case; no record and no verdict means that the case is retracted. */
interface Revision {
  readonly datasetId: string;
  readonly itemId: string;
  readonly id: string;
  readonly revision: number;
  readonly position: number;
  readonly contentHash: string;
  readonly split: Split;
  readonly groupKey: string;
  readonly verdict: string | null;
  readonly tags: readonly string[];
  readonly record: string | null;
  /** What it adds to the number of cases: 1, 0 or -1. */
  readonly adds: number;
}

/**
 * Turns resolved items into eval cases, and withdrawn ones into retractions.
 *
 * It runs inside the transaction that moves the reader's place in the log, so each event has its effect exactly once:
 * a crash undoes both. It writes a revision only when the content changed, so handling an event again, or an older event
 * after a newer one, adds nothing.
 */
@Injectable()
export class Promoter {
  /** `events` are of the kinds ITEM_RESOLVED and ITEM_WITHDRAWN, oldest first. */
  async promote(tx: Queryable, projectId: number, events: readonly LogEvent[]): Promise<void> {
    const positions = new Map<string, number>();
    for (const event of events) if (event.itemId) positions.set(event.itemId, event.seq);
    if (positions.size === 0) return;
    const datasets = new Map((await tx.query<DatasetRow & object>(lockDatasets, [projectId])).map((d) => [d.id, d]));
    if (datasets.size === 0) return;
    const itemIds = [...positions.keys()];
    for (let i = 0; i < itemIds.length; i += ITEMS_AT_ONCE) {
      const found = await tx.query<Source & object>(sources, [projectId, itemIds.slice(i, i + ITEMS_AT_ONCE)]);
      const revisions = found.flatMap((source) => {
        const dataset = datasets.get(source.datasetId);
        const revision = dataset && nextRevision(source, dataset, positions.get(source.itemId) ?? 0);
        return revision ? [revision] : [];
      });
      await this.write(tx, projectId, revisions);
    }
  }

  private async write(tx: Queryable, projectId: number, revisions: readonly Revision[]): Promise<void> {
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
}

/** What the case becomes now that its item is as it is; null when that is what it was. */
function nextRevision(source: Source, dataset: DatasetRow, position: number): Revision | null {
  const groupKey = source.caseGroupKey ?? groupKeyOf(source);
  const place = {
    datasetId: source.datasetId,
    itemId: source.itemId,
    id: source.caseId ?? uuidv7(),
    revision: (source.revision ?? 0) + 1,
    position,
    groupKey,
    split: source.split ?? splitOf(dataset.salt, groupKey, percentsOf(dataset)),
  };
  const isLive = source.caseId !== null && source.isRetracted === false;
  if (source.status !== 'RESOLVED' || source.verdict === null) {
    if (!isLive || source.status !== 'WITHDRAWN') return null;
    return { ...place, contentHash: source.contentHash ?? '', verdict: null, tags: [], record: null, adds: -1 };
  }
  const content = caseContent(source.input, expectedOf(source));
  const hash = contentHash(content);
  if (isLive && source.contentHash === hash) return null;
  const record = recordLine(source, content, place, dataset.salt);
  return { ...place, contentHash: hash, verdict: source.verdict, tags: source.tags, record, adds: isLive ? 0 : 1 };
}

function percentsOf(dataset: DatasetRow) {
  return { train: dataset.train_percent, validation: dataset.validation_percent, test: dataset.test_percent };
}
