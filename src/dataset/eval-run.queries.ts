import { Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';

import { Database } from '../database/database.js';
import { loaderOf, type RequestContext } from '../graphql/context.js';
import { failedCases, failuresOfItems, resultsOfCases, runById, runsOfDataset, waitingItems } from './eval-run.sql.js';
import type { EvalOutcome } from './eval-run.kinds.js';
import { HIGHEST_LEVEL, likeOf, type FailedCase, type Raise, type WaitingItem } from './eval-run.like.js';
import type { EvalFailure, EvalResult, EvalRun } from './eval-run.type.js';

/** Failed cases whose like is looked for, items of a queue that are looked at, and bytes of an input that are. */
const MOST_FAILED = 100;
const MOST_WAITING = 1_000;
const MOST_INPUT_BYTES = 8_000;

/** Reads runs and results. */
@Injectable()
export class EvalRunQueries {
  constructor(private readonly database: Database) {}

  async byId(projectId: number, id: string): Promise<EvalRun> {
    const [run] = await this.database.query<EvalRun & object>(runById, [projectId, id]);
    if (!run) throw new Error(`eval run ${id} was stored and is not there`);
    return run;
  }

  /** Newest first. */
  ofDataset(projectId: number, datasetId: string, first: number): Promise<EvalRun[]> {
    return this.database.query<EvalRun & object>(runsOfDataset, [projectId, datasetId, first]);
  }

  /** One query for all cases of an operation. */
  ofCase(context: RequestContext, projectId: number, caseId: string, first: number): Promise<EvalResult[]> {
    const loader = loaderOf(context, `eval-results:${projectId}:${first}`, () => {
      const load = (ids: readonly string[]) => this.ofCases(projectId, ids, first);
      return new DataLoader<string, EvalResult[]>(load, { maxBatchSize: 1_000 });
    });
    return loader.load(caseId);
  }

  private async ofCases(projectId: number, caseIds: readonly string[], first: number) {
    type Row = EvalRun & { caseId: string; caseOutcome: EvalOutcome };
    const rows = await this.database.query<Row>(resultsOfCases, [projectId, caseIds, first]);
    const byCase = new Map<string, EvalResult[]>(caseIds.map((id) => [id, []]));
    for (const { caseId, caseOutcome: outcome, ...run } of rows) byCase.get(caseId)?.push({ run, outcome });
    return caseIds.map((id) => byCase.get(id) ?? []);
  }

  /** One query for all items of an operation. */
  failuresOfItem(context: RequestContext, projectId: number, itemId: string, first: number): Promise<EvalFailure[]> {
    const loader = loaderOf(context, `eval-failures:${projectId}:${first}`, () => {
      const load = (ids: readonly string[]) => this.failuresOfItems(projectId, ids, first);
      return new DataLoader<string, EvalFailure[]>(load, { maxBatchSize: 1_000 });
    });
    return loader.load(itemId);
  }

  private async failuresOfItems(projectId: number, itemIds: readonly string[], first: number) {
    type Row = EvalRun & Pick<EvalFailure, 'caseId' | 'isFixed'> & { itemId: string };
    const rows = await this.database.query<Row>(failuresOfItems, [projectId, itemIds, first]);
    const byItem = new Map<string, EvalFailure[]>(itemIds.map((id) => [id, []]));
    for (const { itemId, caseId, isFixed, ...run } of rows) byItem.get(itemId)?.push({ run, caseId, isFixed });
    return itemIds.map((id) => byItem.get(id) ?? []);
  }

  /** What should be looked at sooner because these cases failed. */
  async likeOf(projectId: number, datasetId: string, caseIds: readonly string[]): Promise<Raise[]> {
    if (caseIds.length === 0) return [];
    const some = caseIds.slice(0, MOST_FAILED);
    const failed = await this.database.query<FailedCase & object>(failedCases, [projectId, datasetId, some]);
    const groups = failed.flatMap(({ groupKey }) => groupKey ?? []);
    const bounds = [HIGHEST_LEVEL, MOST_WAITING, groups, MOST_INPUT_BYTES];
    const waiting = await this.database.query<WaitingItem & object>(waitingItems, [projectId, datasetId, ...bounds]);
    return likeOf(failed, waiting, datasetId);
  }
}
