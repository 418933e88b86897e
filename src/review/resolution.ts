import { canonical } from '../project/canonical.js';

/** What the rules look at: the reviews of one item, in any order. */
export interface Answer {
  readonly verdict: 'CONFIRMED' | 'CORRECTED' | 'REJECTED';
  readonly correctedOutput: unknown;
  readonly labels: Readonly<Record<string, unknown>>;
}

export interface Decision {
  /** Null: the reviewers disagree, and a manager has to decide. */
  readonly verdict: Answer['verdict'] | null;
  readonly output: unknown;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly agreement: { readonly metric: 'percent'; readonly value: number };
}

/**
 * What several reviews of an item come to. Pure, and the same for every order of the reviews.
 *
 * Verdict: the one that more than half of the reviews give. CORRECTED also needs one correction that more than half
 * of all reviews agree on, equal as JSON values. A REJECTED item takes a correction over in the same way,
 * but does not need one. Anything else is a disagreement.
 * Labels: field by field, the value that more than half of all reviews give; a field without one is left out.
 */
export function decide(answers: readonly Answer[]): Decision {
  const majority = majorityOf(answers.map((answer) => answer.verdict));
  const verdict = majority === undefined ? null : (majority as Answer['verdict']);
  const agreement = { metric: 'percent' as const, value: percentAgreement(answers.map((answer) => answer.verdict)) };
  const output = verdict === null || verdict === 'CONFIRMED' ? undefined : agreedCorrection(verdict, answers);
  if (verdict === null || (verdict === 'CORRECTED' && output === undefined)) {
    return { verdict: null, output: null, labels: {}, agreement };
  }
  return { verdict, output: output ?? null, labels: agreedLabels(answers), agreement };
}

/**
 * The share of pairs of reviewers who gave the same verdict, 0 to 1 (observed agreement, as in Fleiss 1971); 1 for a
 * single review. It does not allow for agreement by chance.
 */
export function percentAgreement(verdicts: readonly string[]): number {
  const pairs = (n: number): number => (n * (n - 1)) / 2;
  if (verdicts.length < 2) return 1;
  const same = [...countOf(verdicts).values()].reduce((sum, n) => sum + pairs(n), 0);
  return same / pairs(verdicts.length);
}

function agreedCorrection(verdict: string, answers: readonly Answer[]): unknown {
  const given = answers.map((answer) =>
    answer.verdict === verdict && answer.correctedOutput !== null ? answer.correctedOutput : undefined,
  );
  return majorityOf(given);
}

function agreedLabels(answers: readonly Answer[]): Record<string, unknown> {
  const fields = [...new Set(answers.flatMap((answer) => Object.keys(answer.labels)))].sort();
  const agreed = fields.map(
    (field) => [field, majorityOf(answers.map((answer) => inOrder(answer.labels[field])))] as const,
  );
  return Object.fromEntries(agreed.filter(([, value]) => value !== undefined));
}

/** Stretches are a set, in whatever order they were marked; of all labels only they are lists of objects. */
function inOrder(label: unknown): unknown {
  if (!Array.isArray(label) || !label.every(isSpan)) return label;
  return label.toSorted((a, b) => a.start - b.start || a.end - b.end || (a.label < b.label ? -1 : 1));
}

function isSpan(entry: unknown): entry is { start: number; end: number; label: string } {
  return typeof entry === 'object' && entry !== null && 'start' in entry;
}

/** The value that more than half give, `undefined` for those who give none. Of equal values the same one is always taken. */
function majorityOf(values: readonly unknown[]): unknown {
  const given = values.filter((value) => value !== undefined);
  for (const [form, count] of countOf(given.map(canonical))) {
    if (count * 2 > values.length) return JSON.parse(form);
  }
  return undefined;
}

function countOf(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
