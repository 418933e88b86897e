import { v7 as uuidv7 } from 'uuid';

import type { Bar } from './promote.bar.js';
import type { Judgement } from './promote.judge.js';
import { groupKeyOf, recordLine, tagsOf } from './promote.record.js';
import { splitOf, type Split } from './split.js';

/** What a dataset decides about its cases. */
export interface FedDataset {
  readonly id: string;
  readonly salt: string;
  readonly train_percent: number;
  readonly validation_percent: number;
  readonly test_percent: number;
  readonly position: string;
  readonly bar: Bar;
}

/** The next revision of a case; no record and no verdict means that the case is retracted. */
export interface Revision {
  readonly datasetId: string;
  readonly itemId: string;
  readonly id: string;
  readonly revision: number;
  readonly position: number;
  readonly contentHash: string;
  readonly inputHash: string | null;
  readonly baseHash: string | null;
  readonly answers: readonly string[];
  readonly split: Split;
  readonly groupKey: string;
  readonly verdict: string | null;
  readonly tags: readonly string[];
  readonly record: string | null;
  /** What it adds to the number of cases: 1, 0 or -1. */
  readonly adds: number;
}

/** What the case becomes when it is to be there, or not to be there; null when that is what it was. */
export function nextRevision(
  { source, made, inputHash }: Judgement,
  isToBe: boolean,
  dataset: FedDataset,
  position: number,
): Revision | null {
  const groupKey = source.caseGroupKey ?? groupKeyOf(source);
  const place = {
    datasetId: source.datasetId,
    itemId: source.itemId,
    id: source.caseId ?? uuidv7(),
    revision: (source.revision ?? 0) + 1,
    position,
    inputHash,
    groupKey,
    split: source.split ?? splitOf(dataset.salt, groupKey, percentsOf(dataset)),
  };
  const isLive = source.caseId !== null && source.isRetracted === false;
  if (!isToBe || !made) {
    if (!isLive) return null;
    const hashes = { contentHash: source.contentHash ?? '', baseHash: source.caseBaseHash, answers: [] };
    return { ...place, ...hashes, verdict: null, tags: [], record: null, adds: -1 };
  }
  const tags = tagsOf(source);
  const hasSameTags = JSON.stringify(source.caseTags) === JSON.stringify(tags);
  if (isLive && source.contentHash === made.contentHash && hasSameTags) return null;
  const { contentHash, baseHash, answers } = made;
  const record = recordLine(source, made.content, place, dataset.salt);
  const hashes = { contentHash, baseHash, answers };
  return { ...place, ...hashes, verdict: source.verdict, tags, record, adds: isLive ? 0 : 1 };
}

function percentsOf(dataset: FedDataset) {
  return { train: dataset.train_percent, validation: dataset.validation_percent, test: dataset.test_percent };
}
