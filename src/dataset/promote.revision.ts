import { v7 as uuidv7 } from 'uuid';

import { caseContent, contentHash } from './eval-case.record.js';
import { expectedOf, groupKeyOf, recordLine, type Source } from './promote.record.js';
import { splitOf, type Split } from './split.js';

/** What a dataset decides about its cases. */
export interface FedDataset {
  readonly id: string;
  readonly salt: string;
  readonly train_percent: number;
  readonly validation_percent: number;
  readonly test_percent: number;
  readonly position: string;
}

/** The next revision of a case; no record and no verdict means that the case is retracted. */
export interface Revision {
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

/** What the case becomes now that its item is as it is; null when that is what it was. */
export function nextRevision(source: Source, dataset: FedDataset, position: number): Revision | null {
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

function percentsOf(dataset: FedDataset) {
  return { train: dataset.train_percent, validation: dataset.validation_percent, test: dataset.test_percent };
}
