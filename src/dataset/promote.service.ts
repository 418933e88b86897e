import { Injectable } from '@nestjs/common';

import type { Queryable } from '../database/database.js';
import { sameInput } from './promote.hold.sql.js';
import { judge, type Judgement } from './promote.judge.js';
import { memberOf, placesOf, type Member, type Place } from './promote.place.js';
import type { Source } from './promote.record.js';
import { nextRevision, type FedDataset } from './promote.revision.js';
import { lockDatasets, sources } from './promote.sql.js';
import { writeOutcomes, type Outcome } from './promote.write.js';

/** Items whose payloads are in memory at once. */
const ITEMS_AT_ONCE = 50;

/**
 * Turns resolved items into eval cases, and withdrawn ones into retractions.
 *
 * It looks at what the items are now and writes a revision only where that differs from the case, so it may be told of an
 * item any number of times and in any order. It runs in the transaction of whoever tells it, a follower of the log or a
 * manager's decision; the datasets' locks put those in order.
 *
 * What does not reach the dataset's bar waits in quarantine. Of items with one input and one answer, one is the case and
 * the others wait behind it: when it goes, the oldest of them takes its place. Cases with one input and different answers contradict each
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
    const places = placesOf([...judged.flatMap(wouldBe), ...neighbours]);
    await this.write(judged, places);
    // What was in nobody's way before, or no longer is. These were judged when they came, and are again.
    const turned = neighbours.filter((neighbour) => places.get(memberOf(neighbour)) !== neighbour.now);
    for (let i = 0; i < turned.length; i += ITEMS_AT_ONCE) {
      const part = turned.slice(i, i + ITEMS_AT_ONCE);
      const keys = new Set(part.map(memberOf));
      const again = (await this.judge(part.map(({ itemId }) => itemId))).filter(({ source }) =>
        keys.has(memberOf(source)),
      );
      await this.write(again, places);
      // The bar may have been raised since: then whoever stood behind it has to come forward.
      const failed = again.filter(({ state }) => state !== 'CASE').map(({ source }) => source.itemId);
      if (failed.length > 0) await this.settle(failed);
    }
  }

  private async judge(itemIds: readonly string[]): Promise<Judgement[]> {
    const found = await this.tx.query<Source & object>(sources, [this.projectId, [...new Set(itemIds)]]);
    return found.flatMap((source) => {
      const dataset = this.datasets.get(source.datasetId);
      return (dataset && judge(source, dataset.bar)) ?? [];
    });
  }

  private async neighbours(judged: readonly Judgement[]): Promise<Member[]> {
    const asked = judged.filter(({ inputHash }) => inputHash !== null);
    if (asked.length === 0) return [];
    return this.tx.query<Member & object>(sameInput, [
      this.projectId,
      asked.map(({ source }) => source.datasetId),
      asked.map(({ inputHash }) => inputHash),
      asked.map(({ source }) => source.itemId),
      asked.map(({ source, made }) => made?.baseHash ?? source.caseBaseHash ?? source.holdBaseHash),
    ]);
  }

  private async write(judged: readonly Judgement[], places: ReadonlyMap<string, Place>): Promise<void> {
    const outcomes = judged.flatMap((judgement): Outcome[] => {
      const { source, state } = judgement;
      const dataset = this.datasets.get(source.datasetId);
      if (!dataset) return [];
      const becomes = state === 'CASE' ? (places.get(memberOf(source)) ?? state) : state;
      const position = (this.positions.get(dataset.id) ?? 0) + 1;
      return [{ judgement, becomes, revision: nextRevision(judgement, becomes === 'CASE', dataset, position) }];
    });
    await writeOutcomes(this.tx, this.projectId, outcomes);
    for (const { revision } of outcomes) if (revision) this.positions.set(revision.datasetId, revision.position);
  }
}

/** Only what reaches the bar takes part. */
function wouldBe({ source, state, inputHash, made }: Judgement): Member[] {
  if (state !== 'CASE' || !made || inputHash === null) return [];
  const { datasetId, itemId, edit } = source;
  const { baseHash, answers } = made;
  return [{ datasetId, inputHash, itemId, baseHash, answers, now: standing(source), isEdited: edit !== null }];
}

function standing({ isRetracted, holdKind }: Source): Place | null {
  if (isRetracted === false) return 'CASE';
  return holdKind === 'QUARANTINE' ? null : holdKind;
}
