import { Refusal } from '../errors.js';
import { isKeptText } from '../graphql/json.exactness.js';
import { refusalOf, refuseRowsAlone } from '../graphql/refused.rows.js';
import type { FlagInput } from './flag.input.js';

/** Rows of one batch. */
export const MOST_AT_ONCE = 1_000;

const NAME = { min: 1, max: 256 };
const KEY = { min: 1, max: 63 };
const REASON = { min: 0, max: 2_000 };
const MOST_REASONS = 50;
const MOST_SIGNALS = 100;
const MOST_TAGS = 50;
const MOST_AUTHORS = 50;
const MOST_PRIORITY = 9;

/** Of a batch, each row is refused alone, also for what GraphQL itself finds wrong: see refused.rows.ts. */
refuseRowsAlone('FlagOutputInput', {
  most: MOST_AT_ONCE,
  standIn: (row, mark) => ({ externalId: externalIdOf(row), source: '', input: mark, output: '' }),
});

function externalIdOf(row: unknown): string {
  const id = typeof row === 'object' && row !== null && 'externalId' in row ? row.externalId : null;
  return typeof id === 'string' ? id : '';
}

/**
 * Refuses what GraphQL's types let through, naming the field and what is allowed. Types, enums and the exactness of
 * JSON were checked before, while the variables were read.
 */
export function checkFlag(input: FlagInput): void {
  const refused = refusalOf(input.input);
  if (refused) throw refused;
  checkText('externalId', input.externalId, NAME);
  checkText('source', input.source, NAME);
  if (input.queue != null) checkText('queue', input.queue, KEY);
  for (const field of ['groupKey', 'traceId'] as const) {
    const value = input[field];
    if (value != null) checkText(field, value, NAME);
  }
  for (const field of ['model', 'prompt'] as const) {
    const ref = input[field];
    if (ref == null) continue;
    checkText(`${field}.name`, ref.name, NAME);
    checkText(`${field}.version`, ref.version, NAME);
  }
  checkTexts('reasons', input.reasons, MOST_REASONS, REASON);
  checkTexts('authors', input.authors, MOST_AUTHORS, NAME);
  checkTexts('tags', input.tags, MOST_TAGS, NAME);
  checkSignals(input.signals);
  checkNumber('confidence', input.confidence, 1);
  checkNumber('priority', input.priority, MOST_PRIORITY);
}

function checkText(field: string, value: string, { min, max }: { min: number; max: number }): void {
  if (value.length < min || value.length > max) {
    throw invalid(`${field} has ${value.length} characters; allowed are ${min} to ${max.toLocaleString('en')}.`);
  }
  if (!isKeptText(value)) {
    throw invalid(`${field} holds U+0000 or half of a surrogate pair, which no text of the database can keep.`);
  }
}

function checkTexts(
  field: string,
  values: readonly string[] | null | undefined,
  most: number,
  length: { min: number; max: number },
): void {
  if (values == null) return;
  checkCount(field, values, most);
  values.forEach((value, i) => checkText(`${field}[${i}]`, value, length));
}

function checkSignals(signals: FlagInput['signals']): void {
  if (signals == null) return;
  checkCount('signals', signals, MOST_SIGNALS);
  const names = new Set<string>();
  signals.forEach(({ name }, i) => {
    checkText(`signals[${i}].name`, name, NAME);
    if (names.has(name)) throw invalid(`signals holds "${name}" twice; a signal has one value.`);
    names.add(name);
  });
}

function checkCount(field: string, values: readonly unknown[], most: number): void {
  if (values.length > most) throw invalid(`${field} holds ${values.length} values; allowed are at most ${most}.`);
}

function checkNumber(field: string, value: number | null | undefined, max: number): void {
  if (value != null && !(value >= 0 && value <= max)) {
    throw invalid(`${field} is ${value}; allowed is 0 to ${max}.`);
  }
}

function invalid(message: string): Refusal {
  return new Refusal('INVALID_INPUT', message);
}
