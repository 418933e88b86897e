import { Verdict } from '../item/verdict.js';

/** What a resolved item must have to become a case. */
export interface Bar {
  readonly verdicts: readonly Verdict[];
  /** 0 to 1. */
  readonly minAgreement: number;
  readonly minReviewers: number;
  /** An adjudicator's decision passes, whatever agreement and reviewers there were before it. */
  readonly adjudicatedPasses: boolean;
}

export const barVerdicts = [Verdict.CONFIRMED, Verdict.CORRECTED, Verdict.REJECTED] as const;

/** Everything passes. */
export const openBar: Bar = { verdicts: barVerdicts, minAgreement: 0, minReviewers: 0, adjudicatedPasses: true };

export interface Judged {
  readonly verdict: string;
  /** Null when there was nothing to compare: one review. */
  readonly agreement: number | null;
  readonly reviewers: number;
  readonly isAdjudicated: boolean;
}

/** What it lacks, a sentence each for people; empty when it passes. */
export function lacks(bar: Bar, { verdict, agreement, reviewers, isAdjudicated }: Judged): string[] {
  const reasons: string[] = [];
  if (!bar.verdicts.some((allowed) => allowed === verdict)) {
    reasons.push(`The verdict is ${verdict}; this dataset takes ${bar.verdicts.join(', ')}.`);
  }
  if (isAdjudicated && bar.adjudicatedPasses) return reasons;
  if (reviewers < bar.minReviewers) {
    reasons.push(`Reviewed by ${reviewers}; this dataset asks for ${bar.minReviewers}.`);
  }
  if (bar.minAgreement > 0 && agreement === null) {
    reasons.push(`No agreement was measured; this dataset asks for ${bar.minAgreement}.`);
  } else if (agreement !== null && agreement < bar.minAgreement) {
    reasons.push(`The agreement is ${Number(agreement.toFixed(3))}; this dataset asks for ${bar.minAgreement}.`);
  }
  return reasons;
}
