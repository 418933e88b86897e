import { Injectable } from '@nestjs/common';

import { actorOf, type Viewer } from '../access/viewer.js';
import { Database, type Queryable } from '../database/database.js';
import { Refusal } from '../errors.js';
import { append } from '../log/append.js';
import { LogHint } from '../log/hint.js';
import { valueOf, type Json } from './content.js';
import { readEdit } from './curation.edit.js';
import type { AdmitCaseInput, EditCaseInput, ResolveConflictInput } from './curation.input.js';
import { ConflictChoice } from './curation.kinds.js';
import {
  caseToEdit,
  conflictItems,
  datasetByKey,
  duplicatesOf,
  heldItem,
  putDropOfCase,
  putEdit,
  putRulings,
  versionOfConflict,
} from './curation.sql.js';
import { EvalCaseQueries } from './eval-case.queries.js';
import type { Expected } from './eval-case.record.js';
import type { EvalCase } from './eval-case.type.js';
import type { RetractCaseInput } from './near.input.js';
import { Promoter } from './promote.service.js';
import { lockDatasets } from './promote.sql.js';

interface ConflictItem {
  readonly itemId: string;
  readonly expected: Expected | null;
  readonly baseHash: string;
}

interface CaseToEdit {
  readonly itemId: string;
  readonly revision: number;
  readonly isRetracted: boolean;
  /** Null in cases of an older version, which have no duplicates. */
  readonly inputHash: string | null;
  readonly baseHash: string;
  readonly hasExpected: boolean;
}

/** Whether an item stays. */
const keeps: Readonly<Record<ConflictChoice, boolean>> = {
  [ConflictChoice.KEEP_ONE]: true,
  [ConflictChoice.KEEP_ALL]: true,
  [ConflictChoice.DROP_ALL]: false,
};

/** Who decides, in which dataset, in which transaction. */
export interface Decision {
  readonly tx: Queryable;
  readonly projectId: number;
  readonly datasetId: string;
  readonly actor: string;
}

/**
 * What a manager decides about cases: let one through the bar, settle a conflict, edit.
 *
 * Each writes down the decision, and lets promotion draw the consequences in the same transaction. So a decision and a
 * resolution that arrive together end the same way in either order, and both are told apart in the log.
 */
@Injectable()
export class CurationService {
  constructor(
    private readonly database: Database,
    private readonly promoter: Promoter,
    private readonly cases: EvalCaseQueries,
    private readonly logHint: LogHint,
  ) {}

  /** NOT_FOUND when the item does not wait in quarantine. */
  admit(viewer: Viewer, { dataset, itemId, reason }: AdmitCaseInput): Promise<void> {
    return this.decide(viewer, dataset, async (decision) => {
      const { tx, projectId, datasetId, actor } = decision;
      const [held] = await tx.query<{ kind: string }>(heldItem, [projectId, datasetId, itemId]);
      if (held?.kind !== 'QUARANTINE') {
        throw new Refusal('NOT_FOUND', `Item ${itemId} does not wait in the quarantine of "${dataset}".`);
      }
      await tx.query(putRulings, [projectId, datasetId, [itemId], 'ADMITTED', actor, reason]);
      await append(tx, [{ projectId, kind: 'CASE_ADMITTED', actor, itemId, data: { datasetId, reason } }]);
      return [itemId];
    });
  }

  /** NOT_FOUND when there is no such conflict; INVALID_INPUT when it is not what the caller saw. */
  resolveConflict(viewer: Viewer, input: ResolveConflictInput): Promise<void> {
    return this.decide(viewer, input.dataset, async (decision) => {
      const { tx, projectId, datasetId, actor } = decision;
      const params = [projectId, datasetId, input.conflict];
      const items = await tx.query<ConflictItem & object>(conflictItems, params);
      const [now] = await tx.query<{ version: string | null }>(versionOfConflict, params);
      if (items.length > 0 && now?.version !== input.version) {
        const message = 'The conflict holds other items or answers by now than in that version; look at it again.';
        throw new Refusal('INVALID_INPUT', message);
      }
      const kept = chosen(input, items);
      // Who says the same as the one that is kept is not dropped: it waits behind it, as a duplicate.
      const others = items.filter(({ baseHash }) => baseHash !== kept?.baseHash);
      const dropped = await withDuplicates(decision, input.conflict, others);
      await tx.query(putRulings, [projectId, datasetId, dropped, 'DROPPED', actor, input.reason]);
      if (kept && input.choice === ConflictChoice.KEEP_ALL) {
        await putEditOf(decision, kept, { tags: null, assertions: null, alternatives: alternativesOf(items, kept) });
      }
      const { conflict, choice, reason } = input;
      const data = { datasetId, conflict, choice, kept: kept?.itemId ?? null, dropped, reason };
      await append(tx, [{ projectId, kind: 'CONFLICT_RESOLVED', actor, data }]);
      return [...new Set([...items.map((item) => item.itemId), ...dropped])];
    });
  }

  /** NOT_FOUND when there is no such case; INVALID_INPUT when it has a newer revision. */
  edit(viewer: Viewer, input: EditCaseInput): Promise<void> {
    return this.decide(viewer, input.dataset, async (decision) => {
      const { tx, projectId, datasetId, actor } = decision;
      const found = await liveCase(decision, input);
      const { itemId, revision, hasExpected } = found;
      const edit = readEdit(input, hasExpected);
      await putEditOf(decision, found, edit);
      const changed = Object.entries(edit).flatMap(([name, value]) => (value === null ? [] : name));
      const data = { datasetId, caseId: input.caseId, revision, changed };
      await append(tx, [{ projectId, kind: 'CASE_EDITED', actor, itemId, data }]);
      return [itemId];
    });
  }

  /** Returns the case as it was. NOT_FOUND when there is no such case; INVALID_INPUT when it has a newer revision. */
  async retract(viewer: Viewer, input: RetractCaseInput): Promise<EvalCase> {
    const { dataset, caseId, reason } = input;
    const before = await this.cases.need(viewer.projectId, dataset, caseId);
    await this.decide(viewer, dataset, async (decision) => {
      const { tx, projectId, datasetId, actor } = decision;
      const found = await liveCase(decision, input);
      const { itemId, revision, inputHash } = found;
      await tx.query(putDropOfCase, [projectId, datasetId, caseId, actor, reason]);
      const dropped = inputHash === null ? [itemId] : await withDuplicates(decision, inputHash, [found]);
      await tx.query(putRulings, [projectId, datasetId, dropped, 'DROPPED', actor, reason]);
      await append(tx, [
        { projectId, kind: 'CASE_DROPPED', actor, itemId, data: { datasetId, caseId, revision, reason } },
      ]);
      return dropped;
    });
    return before;
  }

  /** Lets `work` write a decision down, and draws the consequences for the items that it names. */
  async decide(viewer: Viewer, dataset: string, work: (decision: Decision) => Promise<string[]>): Promise<void> {
    const { projectId } = viewer;
    await this.database.transaction(async (tx) => {
      // All of them and in promotion's order, which locks them again: two orders could wait for each other.
      await tx.query(lockDatasets, [projectId]);
      const [row] = await tx.query<{ id: string }>(datasetByKey, [projectId, dataset]);
      if (!row) throw new Refusal('NOT_FOUND', `There is no dataset "${dataset}".`);
      const itemIds = await work({ tx, projectId, datasetId: row.id, actor: actorOf(viewer) });
      await this.promoter.promote(tx, projectId, itemIds);
    });
    this.logHint.wake(projectId);
  }
}

/** The case as the caller saw it. */
async function liveCase(
  { tx, projectId, datasetId }: Decision,
  seen: { readonly dataset: string; readonly caseId: string; readonly revision: number },
): Promise<CaseToEdit> {
  const [found] = await tx.query<CaseToEdit & object>(caseToEdit, [projectId, datasetId, seen.caseId]);
  if (!found || found.isRetracted) {
    throw new Refusal('NOT_FOUND', `There is no case ${seen.caseId} in "${seen.dataset}".`);
  }
  const { revision } = found;
  if (revision === seen.revision) return found;
  const message = `The case has revision ${revision} by now, not ${seen.revision}; look at it again.`;
  throw new Refusal('INVALID_INPUT', message, { revision });
}

/** The items, and those that wait behind them because they say the same: what is decided is decided about all. */
async function withDuplicates(
  { tx, projectId, datasetId }: Decision,
  inputHash: string,
  items: readonly { readonly itemId: string; readonly baseHash: string }[],
): Promise<string[]> {
  const params = [projectId, datasetId, inputHash, items.map(({ baseHash }) => baseHash)];
  const behind = await tx.query<{ itemId: string }>(duplicatesOf, params);
  return [...items, ...behind].map(({ itemId }) => itemId);
}

/** The item that stays, or undefined when none does. */
function chosen(input: ResolveConflictInput, items: readonly ConflictItem[]): ConflictItem | undefined {
  if (items.length === 0) {
    throw new Refusal('NOT_FOUND', `There is no conflict ${input.conflict} in "${input.dataset}" (any more).`);
  }
  if (!keeps[input.choice]) {
    if (input.itemId) throw new Refusal('INVALID_INPUT', 'itemId: DROP_ALL keeps none.');
    return undefined;
  }
  const kept = items.find(({ itemId }) => itemId === input.itemId);
  if (!kept?.expected) {
    throw new Refusal('INVALID_INPUT', 'itemId must be one of the items of the conflict that have an answer.');
  }
  return kept;
}

/** Every other answer once. */
function alternativesOf(items: readonly ConflictItem[], kept: ConflictItem): Json[] {
  const all = [kept, ...items].flatMap(({ expected }) =>
    expected ? [expected, ...(expected.alternatives ?? [])] : [],
  );
  const [, ...others] = new Map(all.map((content) => [JSON.stringify(valueOf(content)), valueOf(content)])).values();
  return others;
}

async function putEditOf(
  { tx, projectId, datasetId, actor }: Decision,
  { itemId, baseHash }: { readonly itemId: string; readonly baseHash: string },
  { tags, assertions, alternatives }: ReturnType<typeof readEdit>,
): Promise<void> {
  const json = (value: unknown) => (value === null ? null : JSON.stringify(value));
  const params = [projectId, datasetId, itemId, baseHash, tags, json(assertions), json(alternatives), actor];
  await tx.query(putEdit, params);
}
