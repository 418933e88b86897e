import type { Verdict } from '../item/verdict.js';
import { canonical } from '../project/canonical.js';
import type { CompleteAnswer } from './content-hash.js';

/** What is known to be right. */
export interface KnownAnswer {
  readonly verdict: Verdict;
  /** For CORRECTED: each of them is right; none: any correction is. */
  readonly correctedOutputs: readonly unknown[];
  readonly labels: Readonly<Record<string, unknown>>;
}

/**
 * Whether an answer is right: it has the known verdict; where that is CORRECTED, the correction is one of those known, if
 * any are; and each label that is known is the same, while others are free. Values are the same if they are equal as
 * JSON; texts also when only their white space differs, and lists of labels in whatever order, but those of `rankings`,
 * the fields whose order is the answer. Comments do not count.
 */
export function isRight(answer: CompleteAnswer, known: KnownAnswer, rankings: readonly string[] = []): boolean {
  if (answer.verdict !== known.verdict) return false;
  if (known.verdict === 'CORRECTED' && known.correctedOutputs.length > 0) {
    const given = formOf(answer.correctedOutput);
    if (!known.correctedOutputs.some((output) => formOf(output) === given)) return false;
  }
  return Object.entries(known.labels).every(([field, value]) => {
    const isSet = !rankings.includes(field);
    return formOf(answer.labels[field], isSet) === formOf(value, isSet);
  });
}

function formOf(value: unknown, isSet = false): string {
  if (typeof value === 'string') return canonical(value.normalize('NFC').replaceAll(/\s+/gu, ' ').trim());
  if (isSet && Array.isArray(value))
    return `[${value
      .map((entry) => formOf(entry))
      .sort()
      .join()}]`;
  return canonical(value);
}
