import type { Problem, Verdict, Work } from '../review/answer.js';
import { reviewOf } from '../review/answer.js';
import { type Labels, pick, type RubricField, RubricForm } from '../review/rubric-form.js';

export type { Labels, RubricField };

interface Props {
  fields: RubricField[];
  labels: Labels;
  output: unknown;
  verdict: Verdict | null;
  marked?: string | null;
  faulty?: string | undefined;
  onMark?: (name: string) => void;
  onChange: (labels: Labels) => void;
}

/** The reviewer's own form, for whoever decides after them or looks at what they will be asked. */
export function Asked({ fields, labels, marked = null, faulty, onMark, onChange }: Props) {
  return (
    <RubricForm
      fields={fields}
      labels={labels}
      marked={marked}
      faulty={faulty}
      onMark={(name) => onMark?.(name)}
      onChange={onChange}
    />
  );
}

/** The labels after the option with this digit was picked in a field, or null. */
export function pickDigit(field: RubricField, labels: Labels, digit: number): Labels | null {
  return pick(field, labels, field.type === 'SCALE' ? digit - (field.min ?? 1) : digit - 1);
}

type Decision = Extract<ReturnType<typeof reviewOf>, { review: unknown }>['review'];

/** What the work amounts to as an answer to these fields, or what keeps it from being one. */
export function decisionOf(
  work: Work,
  verdict: Verdict,
  item: { output: unknown },
  fields: RubricField[],
): { review: Decision } | { problem: Problem } {
  return reviewOf(work, verdict, { item, rubric: { fields } }) as { review: Decision } | { problem: Problem };
}
