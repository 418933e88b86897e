import { Injectable } from '@nestjs/common';

import type { Queryable } from '../database/database.js';
import { isContested } from './promote.conflict.js';
import { sameInput } from './promote.hold.sql.js';
import { judge, type Judgement } from './promote.judge.js';
import type { Source } from './promote.record.js';
import { nextRevision, type FedDataset } from './promote.revision.js';
import { lockDatasets, sources } from './promote.sql.js';
import { writeOutcomes, type Outcome } from './promote.write.js';

/** Items whose payloads are in memory at once. */
const ITEMS_AT_ONCE = 50;

interface Neighbour {
  readonly datasetId: string;
  readonly inputHash: string;
  readonly itemId: string;
  readonly isHeld: boolean;
  readonly answers: readonly string[];
}

/**
 * Turns resolved items into eval cases, and withdrawn ones into retractions.
 *
 * It looks at what the items are now and writes a revision only where that differs from the case, so it may be told of an
 * item any number of times and in any order. It runs in the transaction of whoever tells it, a follower of the log or a
 * manager's decision; the datasets' locks put those in order.
 *
 * What does not reach the dataset's bar waits in quarantine. Cases with one input and different answers contradict each
 * other: then all of them wait, also one that was there before, until a person has chosen or the reason is gone. A case
 * that waits is retracted for as long: a suite should not insist on what people dispute.
 */
@Injectable()
export class Promoter {
  async promote(tx: Queryable, projectId: number, itemIds: readonly string[]): Promise<void> {
    if (itemIds.length === 0) return;
    const locked = await tx.query<FedDataset & object>(lockDatasets, [projectId]);
    if (locked.length === 0) return;
    const batch = new Batch(tx, projectId, locked);
    for (let i = 0; i < itemIds.length; i += ITEMS_AT_ONCE) await batch.settle(itemIds.slice(i, i + ITEMS_AT_ONCE));
  }
}

/** One promotion: the datasets as they were locked, and how far their positions have moved since. */
class Batch {
  private readonly datasets: ReadonlyMap<string, FedDataset>;
  private readonly positions: Map<string, number>;

  constructor(
    private readonly tx: Queryable,
    private readonly projectId: number,
    locked: readonly FedDataset[],
  ) {
    this.datasets = new Map(locked.map((dataset) => [dataset.id, dataset]));
    this.positions = new Map(locked.map((dataset) => [dataset.id, Number(dataset.position)]));
  }

  async settle(itemIds: readonly string[]): Promise<void> {
    const judged = await this.judge(itemIds);
    const neighbours = await this.neighbours(judged);
    const contested = contestedGroups(judged, neighbours);
    await this.write(judged, contested);
    // What was in nobody's way before, or no longer is. These were judged when they came, and are again.
    const turned = neighbours.filter((neighbour) => contested.has(groupOf(neighbour)) !== neighbour.isHeld);
    for (let i = 0; i < turned.length; i += ITEMS_AT_ONCE) {
      const part = turned.slice(i, i + ITEMS_AT_ONCE);
      const keys = new Set(part.map(memberOf));
      const again = await this.judge(part.map((neighbour) => neighbour.itemId));
      await this.write(
        again.filter(({ source }) => keys.has(memberOf(source))),
        contested,
      );
    }
  }

  private async judge(itemIds: readonly string[]): Promise<Judgement[]> {
    const found = await this.tx.query<Source & object>(sources, [this.projectId, [...new Set(itemIds)]]);
    return found.flatMap((source) => {
      const dataset = this.datasets.get(source.datasetId);
      return (dataset && judge(source, dataset.bar)) ?? [];
    });
  }

  private async neighbours(judged: readonly Judgement[]): Promise<Neighbour[]> {
    const asked = judged.filter(({ inputHash }) => inputHash !== null);
    if (asked.length === 0) return [];
    return this.tx.query<Neighbour & object>(sameInput, [
      this.projectId,
      asked.map(({ source }) => source.datasetId),
      asked.map(({ inputHash }) => inputHash),
      asked.map(({ source }) => source.itemId),
    ]);
  }

  private async write(judged: readonly Judgement[], contested: ReadonlySet<string>): Promise<void> {
    const outcomes = judged.flatMap((judgement): Outcome[] => {
      const { source, state } = judgement;
      const dataset = this.datasets.get(source.datasetId);
      if (!dataset) return [];
      const group = { datasetId: dataset.id, inputHash: judgement.inputHash };
      const becomes = state === 'CASE' && contested.has(groupOf(group)) ? 'CONFLICT' : state;
      const position = (this.positions.get(dataset.id) ?? 0) + 1;
      return [{ judgement, becomes, revision: nextRevision(judgement, becomes === 'CASE', dataset, position) }];
    });
    await writeOutcomes(this.tx, this.projectId, outcomes);
    for (const { revision } of outcomes) if (revision) this.positions.set(revision.datasetId, revision.position);
  }
}

function contestedGroups(judged: readonly Judgement[], neighbours: readonly Neighbour[]): Set<string> {
  const groups = new Map<string, { answers: readonly string[] }[]>();
  const add = (key: string, answers: readonly string[]) => groups.set(key, [...(groups.get(key) ?? []), { answers }]);
  for (const { source, state, inputHash, made } of judged) {
    if (state === 'CASE' && made) add(groupOf({ datasetId: source.datasetId, inputHash }), made.answers);
  }
  for (const neighbour of neighbours) add(groupOf(neighbour), neighbour.answers);
  return new Set([...groups].filter(([, group]) => isContested(group)).map(([key]) => key));
}

function groupOf({ datasetId, inputHash }: { datasetId: string; inputHash: string | null }): string {
  return `${datasetId} ${inputHash}`;
}

function memberOf({ datasetId, itemId }: { datasetId: string; itemId: string }): string {
  return `${datasetId} ${itemId}`;
}
