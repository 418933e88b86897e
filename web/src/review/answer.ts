import { readCorrection, textOf } from '../correct/read-correction.js';
import type { Labels, RubricField } from '../rubric/field.js';
import { askedLabels, type Problem, problemIn } from '../rubric/problem.js';
import type { Assignment } from './operations.js';

export type Verdict = 'CONFIRMED' | 'CORRECTED' | 'REJECTED';

/** What a person has written of an item so far. */
export interface Work {
  verdict: Verdict | null;
  /** The corrected output as text: JSON where the output is no text. Null until they correct. */
  correction: string | null;
  labels: Labels;
  comment: string;
}

export const NOTHING: Work = { verdict: null, correction: null, labels: {}, comment: '' };

/** Whether there is anything that somebody would miss. */
export function isTouched(work: Work, output: unknown): boolean {
  return isChanged(work, output) || work.comment !== '' || Object.keys(work.labels).length > 0;
}

/** What the service has kept. A correction that was no valid JSON yet is kept as the text it was. */
export function workOf(draft: NonNullable<Assignment['draft']>): Work {
  const { verdict, correctedOutput, labels, comment } = draft;
  const correction = correctedOutput === null || correctedOutput === undefined ? null : textOf(correctedOutput);
  return { verdict: verdict ?? null, correction, labels: (labels as Labels | null) ?? {}, comment: comment ?? '' };
}

/** As the service keeps it; the text itself where it is no valid JSON yet. */
export function draftOf(work: Work, output: unknown) {
  const { verdict, correction, labels, comment } = work;
  const read = correction === null ? null : readCorrection(correction, output);
  return { verdict, correctedOutput: read && ('value' in read ? read.value : correction), labels, comment };
}

function isChanged({ correction }: Work, output: unknown): boolean {
  return correction !== null && correction !== textOf(output);
}

/** What was asked: an assignment, or whatever else has an output and a rubric. */
interface Asked {
  readonly item: { readonly output: unknown };
  readonly rubric: { readonly fields: unknown } | null;
}

/** The review that this work amounts to, or why it is none yet. */
export function reviewOf(work: Work, verdict: Verdict, { item: { output }, rubric }: Asked) {
  const fields = (rubric?.fields ?? []) as RubricField[];
  const given = { verdict, labels: work.labels, output };
  const problem = problemIn(fields, given);
  if (problem) return { problem };
  const labels = askedLabels(fields, given);
  const review = { verdict, labels, comment: work.comment || null, correctedOutput: null as unknown };
  if (verdict === 'CONFIRMED') {
    if (!isChanged(work, output)) return { review };
    return {
      problem: {
        message: 'You have changed the output. Submit the correction, or discard it first.',
        at: 'correction',
      },
    };
  }
  if (!isChanged(work, output)) {
    if (verdict === 'REJECTED') return { review };
    return { problem: { message: 'Nothing is changed yet. Correct the output, or confirm it.', at: 'correction' } };
  }
  const read = readCorrection(work.correction!, output);
  if ('fault' in read) return { problem: { message: read.fault, at: 'correction' } satisfies Problem };
  return { review: { ...review, correctedOutput: read.value } };
}
