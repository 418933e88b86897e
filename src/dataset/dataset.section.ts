import { randomBytes } from 'node:crypto';

import { Injectable, type OnModuleInit } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';

import type { Queryable } from '../database/database.js';
import { differences, isSame } from '../project/difference.js';
import { SetupEffect, type SetupSection, type SetupWork } from '../project/setup.js';
import { SetupSections } from '../project/setup.sections.js';
import { checkDatasets, newDataset, type DatasetDraft, type DatasetSetup } from './dataset.draft.js';
import { readDataset, readQueueIds, writeDataset, type StoredDataset } from './dataset.sql.js';

/** `datasets:` of a set-up document: which queues feed which dataset, and how its cases are split. */
@Injectable()
export class DatasetSection implements SetupSection, OnModuleInit {
  readonly name = 'datasets';
  readonly order = 30;

  constructor(private readonly sections: SetupSections) {}

  onModuleInit(): void {
    this.sections.register(this);
  }

  async apply(tx: Queryable, value: unknown, work: SetupWork): Promise<void> {
    const faultsBefore = work.faults.length;
    const drafts = checkDatasets(value, [this.name], work.faults);
    if (work.faults.length > faultsBefore) return;
    const queueIds = await readQueueIds(tx, work.projectId);
    for (const [i, draft] of drafts.entries()) {
      const stored = await readDataset(tx, work.projectId, draft.key);
      checkQueues(draft, i, queueIds, work);
      checkAllowed(draft, i, stored, work);
      if (work.faults.length === faultsBefore) await save(tx, draft, stored, queueIds, work);
    }
  }
}

function checkQueues(draft: DatasetDraft, place: number, known: ReadonlyMap<string, string>, work: SetupWork): void {
  draft.queues?.forEach((key, i) => {
    if (known.has(key) || work.declares('queues', key)) return;
    const there = known.size > 0 ? `there are ${[...known.keys()].sort().join(', ')}` : 'there is none yet';
    work.faults.push({ path: ['datasets', place, 'queues', i], message: `no queue has the key "${key}"; ${there}` });
  });
}

/** A case's split is decided once, by the percentages: with others, the cases of one group could be parted. */
function checkAllowed(draft: DatasetDraft, place: number, stored: StoredDataset | null, work: SetupWork): void {
  if (!stored && draft.name === undefined) {
    work.faults.push({
      path: ['datasets', place, 'name'],
      message: `is required: there is no dataset "${draft.key}" yet`,
    });
  }
  if (stored && stored.caseCount > 0 && draft.split && !isSame(draft.split, stored.setup.split)) {
    const message = `cannot change any more: "${draft.key}" has ${stored.caseCount} cases, and theirs is decided`;
    work.faults.push({ path: ['datasets', place, 'split'], message });
  }
}

async function save(
  tx: Queryable,
  draft: DatasetDraft,
  stored: StoredDataset | null,
  queueIds: ReadonlyMap<string, string>,
  work: SetupWork,
): Promise<void> {
  const before = stored?.setup ?? null;
  const bar = { ...(before?.bar ?? newDataset.bar), ...draft.bar };
  const after: DatasetSetup = { ...newDataset, name: draft.key, ...before, ...draft, bar };
  const isUnchanged = before !== null && isSame(before, after);
  work.changes.push({
    kind: 'dataset',
    key: draft.key,
    what: isUnchanged ? SetupEffect.UNCHANGED : stored ? SetupEffect.UPDATE : SetupEffect.CREATE,
    differences: differences(shown(before), shown(after)),
    before,
    after,
  });
  if (isUnchanged) return;
  const idOf = (key: string) => queueIds.get(key) ?? [];
  const id = stored?.id ?? uuidv7();
  const salt = randomBytes(32).toString('hex');
  await writeDataset(tx, work.projectId, { id, setup: after, queueIds: after.queues.flatMap(idOf) }, salt);
  // Whoever reads this event takes in what the new queues resolved before, and judges what waits by the new bar; see
  // promote.reader.ts.
  const added = after.queues.filter((key) => !before?.queues.includes(key)).flatMap(idOf);
  const barChanged = before !== null && !isSame(before.bar, after.bar);
  work.event('DATASET_SAVED', { key: draft.key, datasetId: id, queuesAdded: added, barChanged });
}

/** The key is the heading already. */
function shown(setup: DatasetSetup | null): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(setup ?? {}).filter(([name]) => name !== 'key'));
}
