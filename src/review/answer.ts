import { Verdict } from '../item/verdict.js';
import { Refusal } from '../errors.js';
import type { CompleteAnswer } from './content-hash.js';

/** What a caller sends as an answer, in a review or an adjudication. */
export interface GivenAnswer {
  readonly verdict: Verdict;
  readonly correctedOutput?: unknown;
  readonly labels?: unknown;
  readonly comment?: string | null;
}

/** The answer with nothing left open, refused when verdict and correction do not go together. */
export function completeAnswer(given: GivenAnswer): CompleteAnswer {
  const { verdict, correctedOutput = null, labels = null, comment = null } = given;
  if (verdict === Verdict.CORRECTED && correctedOutput === null) {
    throw new Refusal('INVALID_INPUT', 'correctedOutput is required when the verdict is CORRECTED.');
  }
  if (verdict === Verdict.CONFIRMED && correctedOutput !== null) {
    throw new Refusal('INVALID_INPUT', 'correctedOutput goes with CORRECTED or REJECTED, not with CONFIRMED.');
  }
  if (labels !== null && (typeof labels !== 'object' || Array.isArray(labels))) {
    throw new Refusal('RUBRIC_VIOLATION', 'labels must be an object of answers by field name.');
  }
  return { verdict, correctedOutput, labels: (labels ?? {}) as Record<string, unknown>, comment };
}
