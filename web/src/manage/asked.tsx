import { reviewOf, type Verdict, type Work } from '../review/answer.js';
import { type Labels, type RubricField, shownFields } from '../rubric/field.js';
import { pickDigit } from '../rubric/options.js';
import type { Problem } from '../rubric/problem.js';
import { RubricForm } from '../rubric/rubric-form.js';

export { type Labels, pickDigit, type Problem, type RubricField };

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
export function Asked({ fields, labels, output, verdict, marked = null, faulty, onMark, onChange }: Props) {
  return (
    <RubricForm
      fields={shownFields(fields, { verdict, labels, output })}
      labels={labels}
      output={output}
      marked={marked}
      faulty={faulty}
      onMark={(name) => onMark?.(name)}
      onChange={onChange}
    />
  );
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
