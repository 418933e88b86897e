import type { Assignment } from './operations.js';
import type { Labels, RubricField } from './rubric-form.js';

export type Verdict = 'CONFIRMED' | 'CORRECTED' | 'REJECTED';

/** What a person has written of an item so far. */
export interface Work {
  verdict: Verdict | null;
  /** The corrected output as text: JSON where the output is no text. Null until they correct. */
  correction: string | null;
  labels: Labels;
  comment: string;
}

/** What keeps a review from being submitted, and where. */
export interface Problem {
  message: string;
  /** A rubric field's name, or `correction`. */
  at?: string;
}

export const NOTHING: Work = { verdict: null, correction: null, labels: {}, comment: '' };

/** Whether there is anything that somebody would miss. */
export function isTouched(work: Work, output: unknown): boolean {
  return isChanged(work, output) || work.comment !== '' || Object.keys(work.labels).length > 0;
}

/** A text as it is, anything else as JSON that a person can read. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
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
  const missing = ((rubric?.fields ?? []) as RubricField[]).find(
    (field) => field.required && !(field.name in work.labels),
  );
  if (missing) return { problem: { message: `Answer “${missing.label}” first.`, at: missing.name } satisfies Problem };
  const review = { verdict, labels: work.labels, comment: work.comment || null, correctedOutput: null as unknown };
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

/** A corrected text stays text; what was structured must be JSON again, with numbers that can be kept exactly. */
export function readCorrection(text: string, output: unknown): { value: unknown } | { fault: string } {
  if (typeof output === 'string') return { value: text };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { fault: `Not valid JSON yet: ${placeOf(error, text)}` };
  }
  if (value === null) return { fault: 'A correction cannot be null: reject the output instead.' };
  const inexact = text.match(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g)?.find((token) => !isExact(token));
  if (inexact) return { fault: `The number ${inexact.slice(0, 40)} cannot be kept exactly; write it as text.` };
  return { value };
}

function isExact(token: string): boolean {
  if (token.startsWith('"')) return true;
  const value = Number(token);
  if (!Number.isFinite(value) || Object.is(value, -0)) return false;
  if (Number.isInteger(value)) return Number.isSafeInteger(value);
  return token.replace(/[eE].*$|\D/g, '').replace(/^0+/, '').length <= 17;
}

function placeOf(error: unknown, text: string): string {
  const message = error instanceof Error ? error.message : String(error);
  const position = /position (\d+)/.exec(message)?.[1];
  const what = message
    .replace(/^JSON\.parse: /, '')
    .replace(/ in JSON.*$/, '')
    .replace(/, ".*$/s, '');
  if (position === undefined) return what;
  const before = text.slice(0, Number(position)).split('\n');
  return `${what}, line ${before.length}, column ${before.at(-1)!.length + 1}`;
}
