import { canonical } from '../project/canonical.js';
import { type Answer, decide, type Decision } from './resolution.js';

/** How many reviews an item is to have, and how far they have to agree. */
export interface OverlapRule {
  readonly reviewsRequired: number;
  /** At least reviewsRequired. */
  readonly reviewsMax: number;
  /** 0 to 1. */
  readonly agreementBar: number;
}

/**
 * How far reviews agree: those that give the most common answer, divided by all; 0 to 1, and 1 for a single one. An answer
 * is the verdict; of CORRECTED, together with the correction, equal as JSON values. Labels do not count.
 */
export function shareOfMostCommon(answers: readonly Answer[]): number {
  if (answers.length === 0) return 0;
  const counts = new Map<string, number>();
  for (const { verdict, correctedOutput } of answers) {
    const key = verdict === 'CORRECTED' ? `${verdict} ${canonical(correctedOutput)}` : verdict;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Math.max(...counts.values()) / answers.length;
}

/** What the reviews come to: nothing while they agree less than the bar, nor without a majority. */
export function decideByBar(answers: readonly Answer[], agreementBar: number): Decision {
  const decision = decide(answers);
  if (shareOfMostCommon(answers) >= agreementBar) return decision;
  return { ...decision, verdict: null, output: null, labels: {} };
}

/**
 * How many reviews an item with these answers is to have: the number that the queue asks for; then one more at a time,
 * up to the most, as long as the answers come to nothing.
 */
export function reviewsWanted(answers: readonly Answer[], rule: OverlapRule): number {
  if (answers.length < rule.reviewsRequired) return rule.reviewsRequired;
  const isDecided = decideByBar(answers, rule.agreementBar).verdict !== null;
  return isDecided || answers.length >= rule.reviewsMax ? answers.length : answers.length + 1;
}
