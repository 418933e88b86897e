import type { Fault, Path } from '../project/fault.js';
import { readList, Shape } from '../project/shape.js';
import { type Bar, barVerdicts, openBar } from './promote.bar.js';
import type { SplitPercents } from './split.js';

/** A dataset as a manager sets it up. */
export interface DatasetSetup {
  readonly key: string;
  readonly name: string;
  /** Keys of the queues that feed it, sorted. */
  readonly queues: readonly string[];
  readonly split: SplitPercents;
  readonly bar: Bar;
}

/** What one entry says; the rest stays as it is, or is as in `newDataset`. */
export type DatasetDraft = Partial<Omit<DatasetSetup, 'bar'>> & { readonly key: string; readonly bar?: Partial<Bar> };

/** Everything is for testing unless somebody decides that a part may be trained on. */
export const newDataset: Omit<DatasetSetup, 'key' | 'name'> = {
  queues: [],
  split: { train: 0, validation: 0, test: 100 },
  bar: openBar,
};

const MOST_DATASETS = 200;
const MOST_QUEUES = 200;
const SPLITS = ['train', 'validation', 'test'] as const;

/** Reads the datasets of a set-up document; they are good only if nothing was added to `faults`. */
export function checkDatasets(value: unknown, path: Path, faults: Fault[]): DatasetDraft[] {
  const drafts = readList(value, path, faults, MOST_DATASETS).map((entry) => read(entry.value, entry.path, faults));
  const seen = new Map<string, number>();
  drafts.forEach((draft, i) => {
    if (!draft) return;
    const earlier = seen.get(draft.key);
    if (earlier === undefined) seen.set(draft.key, i);
    else faults.push({ path: [...path, i, 'key'], message: `"${draft.key}" is the key of dataset ${earlier + 1} too` });
  });
  return drafts.filter((draft) => draft !== null);
}

function read(value: unknown, path: Path, faults: Fault[]): DatasetDraft | null {
  const shape = Shape.read(value, path, faults, ['key', 'name', 'queues', 'split', 'bar']);
  if (!shape) return null;
  const key = shape.key('key', true);
  const said = {
    name: shape.has('name') ? shape.text('name', { required: true, max: 200 }) : undefined,
    queues: shape.has('queues') ? readQueues(shape, faults) : undefined,
    split: shape.has('split') ? readSplit(shape.get('split'), [...path, 'split'], faults) : undefined,
    bar: shape.has('bar') ? readBar(shape.get('bar'), [...path, 'bar'], faults) : undefined,
  };
  const given = Object.fromEntries(Object.entries(said).filter(([, entry]) => entry !== undefined));
  return key === undefined ? null : { ...given, key };
}

function readQueues(shape: Shape, faults: Fault[]): string[] {
  const keys = shape.list('queues', MOST_QUEUES).map(({ value, path }) => {
    if (typeof value === 'string') return value;
    faults.push({ path, message: "must be a queue's key" });
    return '';
  });
  return [...new Set(keys)].sort();
}

function readSplit(value: unknown, path: Path, faults: Fault[]): SplitPercents | undefined {
  const shape = Shape.read(value, path, faults, SPLITS);
  if (!shape) return undefined;
  const faultsBefore = faults.length;
  const [train = 0, validation = 0, test = 0] = SPLITS.map((name) =>
    shape.integer(name, { min: 0, max: 100, unit: 'percent' }),
  );
  if (faults.length > faultsBefore) return undefined;
  if (train + validation + test === 100) return { train, validation, test };
  faults.push({ path, message: `must add up to 100; train, validation and test make ${train + validation + test}` });
  return undefined;
}

/** What of the bar is said; the rest stays. */
function readBar(value: unknown, path: Path, faults: Fault[]): Partial<Bar> | undefined {
  const shape = Shape.read(value, path, faults, ['verdicts', 'minAgreement', 'minReviewers', 'adjudicatedPasses']);
  if (!shape) return undefined;
  const said = {
    verdicts: shape.has('verdicts') ? readVerdicts(shape, faults) : undefined,
    minAgreement: shape.number('minAgreement', { min: 0, max: 1 }),
    minReviewers: shape.integer('minReviewers', { min: 0, max: 100, unit: 'reviewers' }),
    adjudicatedPasses: shape.boolean('adjudicatedPasses'),
  };
  return Object.fromEntries(Object.entries(said).filter(([, entry]) => entry !== undefined));
}

/** In the order in which verdicts are always listed, so that the same bar is the same text. */
function readVerdicts(shape: Shape, faults: Fault[]): Bar['verdicts'] {
  const given = shape.list('verdicts', barVerdicts.length);
  for (const { value, path } of given) {
    if (barVerdicts.some((verdict) => verdict === value)) continue;
    faults.push({ path, message: `must be one of ${barVerdicts.join(', ')}` });
  }
  if (given.length === 0) shape.fault('verdicts', `must name at least one of ${barVerdicts.join(', ')}`);
  return barVerdicts.filter((verdict) => given.some(({ value }) => value === verdict));
}
