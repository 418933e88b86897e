import { Injectable, type OnModuleInit } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';

import type { Queryable } from '../database/database.js';
import { checkDeadlines } from './deadline-step.js';
import { differences, isSame, listDifferences } from './difference.js';
import { checkOverlap } from './overlap.draft.js';
import { checkQueues, newQueue, type QueueDraft, type QueueSetup } from './queue.draft.js';
import {
  addRubric,
  askToResize,
  isZoneKnown,
  keepDeadlines,
  keepLanes,
  keepMembers,
  readQueue,
  type StoredQueue,
  unknownMembers,
  writeQueue,
} from './queue.sql.js';
import { SetupEffect, type SetupSection, type SetupWork } from './setup.js';
import { SetupSections } from './setup.sections.js';

/** What open items of the queue follow. */
const ITEMS_FOLLOW = ['reviewsRequired', 'reviewsMax', 'agreementBar'] as const;

/** `queues:` of a set-up document: queues, their rubrics and their lanes. */
@Injectable()
export class QueueSection implements SetupSection, OnModuleInit {
  readonly name = 'queues';
  readonly order = 10;

  constructor(private readonly sections: SetupSections) {}

  onModuleInit(): void {
    this.sections.register(this);
  }

  async apply(tx: Queryable, value: unknown, work: SetupWork): Promise<void> {
    const faultsBefore = work.faults.length;
    const drafts = checkQueues(value, [this.name], work.faults);
    if (work.faults.length > faultsBefore) return;
    for (const [i, draft] of drafts.entries()) await saveQueue(tx, draft, i, work);
  }
}

async function saveQueue(tx: Queryable, draft: QueueDraft, place: number, work: SetupWork): Promise<void> {
  const stored = await readQueue(tx, work.projectId, draft.key);
  const { name = draft.name } = stored?.setup ?? {};
  if (name === undefined) {
    work.faults.push({ path: ['queues', place, 'name'], message: `is required: there is no queue "${draft.key}" yet` });
    return;
  }
  const unknown = await unknownMembers(tx, work.projectId, draft.members ?? []);
  for (const member of unknown) {
    const path = ['queues', place, 'members', draft.members!.indexOf(member)];
    work.faults.push({ path, message: `there is no member ${JSON.stringify(member)}` });
  }
  if (unknown.length > 0) return;
  const after: QueueSetup = { name, ...newQueue, ...stored?.setup, ...draft };
  if (!checkOverlap(after, ['queues', place], work.faults)) return;
  if (!(await areDeadlinesGood(tx, after, place, work))) return;
  const isNewRubric = !isSame(stored?.setup.rubric, after.rubric);
  const rubricVersion = (stored?.rubricVersion ?? 0) + (isNewRubric ? 1 : 0);
  const queue: StoredQueue = { id: stored?.id ?? uuidv7(), rubricVersion, setup: after };
  const changed = describe(stored, queue);
  const isUnchanged = stored !== null && isSame(stored.setup, after);
  const what = isUnchanged ? SetupEffect.UNCHANGED : stored ? SetupEffect.UPDATE : SetupEffect.CREATE;
  work.changes.push({
    kind: 'queue',
    key: draft.key,
    what,
    differences: changed,
    before: stored?.setup ?? null,
    after,
  });
  if (isUnchanged) return;
  await writeQueue(tx, work.projectId, queue);
  await keepDeadlines(tx, work.projectId, queue);
  if (isNewRubric) await addRubric(tx, work.projectId, queue, work.actor);
  await keepLanes(tx, work.projectId, queue);
  await keepMembers(tx, work.projectId, queue);
  if (stored && ITEMS_FOLLOW.some((name) => stored.setup[name] !== after[name])) {
    await askToResize(tx, work.projectId, queue.id);
  }
  work.event('QUEUE_SAVED', { key: draft.key, changes: namesOfChanged(stored, after) }, queue.id);
  if (isNewRubric) work.event('RUBRIC_SAVED', { key: draft.key, version: rubricVersion }, queue.id);
}

async function areDeadlinesGood(tx: Queryable, after: QueueSetup, place: number, work: SetupWork): Promise<boolean> {
  const { faults } = work;
  const before = faults.length;
  const path = ['queues', place];
  checkDeadlines(after, after.key, path, faults);
  if (after.hours && !(await isZoneKnown(tx, after.hours.zone))) {
    const message = `${JSON.stringify(after.hours.zone)} is no time zone that the database knows; write one like Europe/Berlin`;
    faults.push({ path: [...path, 'hours', 'zone'], message });
  }
  for (const [i, { queue }] of after.deadlineSteps.entries()) {
    if (queue === undefined || work.declares('queues', queue) || (await readQueue(tx, work.projectId, queue))) continue;
    faults.push({ path: [...path, 'deadlineSteps', i, 'queue'], message: `there is no queue "${queue}"` });
  }
  return faults.length === before;
}

function describe(stored: StoredQueue | null, queue: StoredQueue): string[] {
  const before = stored?.setup.rubric ?? [];
  const after = queue.setup.rubric;
  const fields = listDifferences(
    before.map((field) => ({ ...field })),
    after.map((field) => ({ ...field })),
    'rubric field',
  );
  const version =
    stored && stored.rubricVersion !== queue.rubricVersion
      ? [`rubric: version ${stored.rubricVersion} → ${queue.rubricVersion}; reviews and leases under way keep theirs`]
      : [];
  return [...differences(withoutRubric(stored?.setup ?? {}), withoutRubric(queue.setup)), ...version, ...fields];
}

/** The rubric is told field by field. */
function withoutRubric(setup: Partial<QueueSetup>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(setup).filter(([name]) => name !== 'rubric' && name !== 'key'));
}

/** The names alone: the log holds no texts. */
function namesOfChanged(stored: StoredQueue | null, after: QueueSetup): string[] {
  const names = Object.keys(after) as (keyof QueueSetup)[];
  return names.filter((name) => !isSame(stored?.setup[name], after[name]));
}
