import type { Queryable } from '../database/database.js';
import { append } from '../log/append.js';
import type { NewEvent } from '../log/event.js';
import { jsonLine } from './eval-case.record.js';
import { compareInputs, type Promoted } from './near.compare.js';
import { dropHolds, putHolds } from './promote.hold.sql.js';
import type { Judgement } from './promote.judge.js';
import type { Place } from './promote.place.js';
import type { Revision } from './promote.revision.js';
import { endRevisions, moveDatasets, putCases, putRevisions } from './promote.sql.js';

/** What becomes of an item in a dataset, seen with all others. */
export interface Outcome {
  readonly judgement: Judgement;
  readonly becomes: Judgement['state'] | Place;
  readonly revision: Revision | null;
}

/** Writes what differs from what there is, and tells the log of it. */
export async function writeOutcomes(tx: Queryable, projectId: number, outcomes: readonly Outcome[]): Promise<void> {
  const revisions = outcomes.flatMap(({ revision }) => revision ?? []);
  const held = outcomes.filter(isNewlyHeld);
  const freed = outcomes.filter(({ becomes, judgement: { source } }) => source.holdKind !== null && !isHeld(becomes));
  await writeRevisions(tx, projectId, revisions);
  await writeHolds(tx, projectId, held);
  if (freed.length > 0) {
    const column = (name: 'datasetId' | 'itemId') => freed.map(({ judgement }) => judgement.source[name]);
    await tx.query(dropHolds, [projectId, column('datasetId'), column('itemId')]);
  }
  const near = await compareInputs(tx, projectId, outcomes.flatMap(promoted));
  await append(tx, [
    ...revisions.map((revision) => revised(projectId, revision)),
    ...near,
    ...held.map((outcome) => waits(projectId, outcome)),
  ]);
}

/** A case that is retracted is compared with nothing. */
function promoted({ judgement: { made }, revision }: Outcome): Promoted[] {
  if (!made || !revision || revision.record === null || revision.inputHash === null) return [];
  const { datasetId, id: caseId, itemId, inputHash } = revision;
  return [{ datasetId, caseId, itemId, inputHash, input: made.content.input }];
}

function isHeld(becomes: Outcome['becomes']): boolean {
  return becomes !== 'CASE' && becomes !== 'OUT';
}

function isNewlyHeld({ becomes, judgement: { source, reasons, made } }: Outcome): boolean {
  if (!isHeld(becomes)) return false;
  const isSame = source.holdKind === becomes && source.holdBaseHash === made?.baseHash;
  return !isSame || JSON.stringify(source.holdReasons) !== JSON.stringify(reasons);
}

async function writeRevisions(tx: Queryable, projectId: number, revisions: readonly Revision[]): Promise<void> {
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
    column((r) => r.inputHash),
    column((r) => r.baseHash),
    column((r) => JSON.stringify(r.answers)),
  ]);
  await tx.query(endRevisions, [
    projectId,
    column((r) => r.datasetId),
    column((r) => r.id),
    column((r) => r.revision),
    column((r) => r.position),
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
    column((r) => Buffer.byteLength(r.record ?? '')),
  ]);
}

async function writeHolds(tx: Queryable, projectId: number, held: readonly Outcome[]): Promise<void> {
  if (held.length === 0) return;
  const column = <Value>(value: (judgement: Judgement) => Value) => held.map(({ judgement }) => value(judgement));
  await tx.query(putHolds, [
    projectId,
    column(({ source }) => source.datasetId),
    column(({ source }) => source.itemId),
    held.map(({ becomes }) => becomes),
    column(({ reasons }) => JSON.stringify(reasons)),
    column(({ source }) => source.verdict),
    column(({ made }) => (made?.content.expected ? jsonLine(made.content.expected) : null)),
    column(({ inputHash }) => inputHash),
    column(({ made }) => made?.baseHash),
    column(({ made }) => JSON.stringify(made?.answers)),
  ]);
}

function revised(projectId: number, { datasetId, itemId, id: caseId, revision, record }: Revision): NewEvent {
  const data = { datasetId, caseId, revision, isRetracted: record === null };
  return { projectId, kind: 'CASE_REVISED', actor: 'system', itemId, data };
}

function waits(projectId: number, { becomes, judgement: { source, reasons, inputHash } }: Outcome): NewEvent {
  const data = {
    datasetId: source.datasetId,
    kind: becomes,
    ...(becomes === 'QUARANTINE' ? { reasons } : { inputHash }),
  };
  return { projectId, kind: 'CASE_HELD', actor: 'system', itemId: source.itemId, data };
}
