import { valueOf } from '../content.js';
import { caseContent, type EvalCaseRecord } from '../eval-case.record.js';

const RUBRIC = 'a rubric, by which a model or a person has to judge';
const PATTERN = 'a regular expression, which Python reads in another way';

/**
 * Why the checks that an export brings for a runner cannot judge a case; null when they can. They ask no model, and those
 * written in Python know no regular expressions of JavaScript.
 */
export function unjudgeable({ assertions }: EvalCaseRecord, language: 'JavaScript' | 'Python'): string | null {
  if (assertions.some(({ kind }) => kind === 'rubric')) return RUBRIC;
  if (language === 'Python' && assertions.some(({ kind }) => kind === 'regex')) return PATTERN;
  return null;
}

/** Whether equality with the expected output is all that there is to it. */
export function isPlain({ input, expected, assertions }: EvalCaseRecord): boolean {
  if (expected?.alternatives) return false;
  const plain = caseContent(valueOf(input), expected && valueOf(expected));
  return JSON.stringify(plain.assertions) === JSON.stringify(assertions);
}
