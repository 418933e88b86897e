import { useState } from 'react';

import { Evidence } from '../evidence/evidence.js';
import { Text } from '../evidence/text.js';
import { WordDiff } from '../evidence/word-diff.js';
import { textOf } from '../correct/read-correction.js';
import { type RubricField, targetText } from '../rubric/field.js';
import { SpanChips } from '../rubric/span-list.js';
import type { DetailReview } from './item-detail.js';
import './reviews-side.css';
import { When, words } from './states.js';

interface Props {
  output: unknown;
  reviews: DetailReview[];
  /** Takes this answer as one's own; with the key that does the same. */
  onTake?: (review: DetailReview) => void;
}

export const VERDICT_TONE: Readonly<Record<string, string>> = {
  CONFIRMED: 'tag good',
  CORRECTED: 'tag accent',
  REJECTED: 'tag bad',
};

/** All reviews of an item next to each other: what each changed, and how they answered each question. */
export function ReviewsSide({ output, reviews, onTake }: Props) {
  const [against, setAgainst] = useState<string>('output');
  if (reviews.length === 0) return <p className="quiet">Nobody has answered yet.</p>;
  const corrected = reviews.filter(({ correctedOutput }) => correctedOutput !== null);
  const base = corrected.find(({ id }) => id === against);
  return (
    <div className="side">
      {corrected.length > 1 && (
        <label className="labelled against">
          <span>Compare corrections with</span>
          <select value={base ? against : 'output'} onChange={({ target }) => setAgainst(target.value)}>
            <option value="output">the output</option>
            {corrected.map(({ id, reviewer }) => (
              <option key={id} value={id}>
                {reviewer.name}’s correction
              </option>
            ))}
          </select>
        </label>
      )}
      <div className="columns">
        {reviews.map((review, i) => (
          <article key={review.id} className="panel answer-card" aria-label={`Review by ${review.reviewer.name}`}>
            <header>
              <strong>{review.reviewer.name}</strong>{' '}
              <span className={VERDICT_TONE[review.verdict]}>{words(review.verdict)}</span>
              <p className="quiet">
                <When at={review.submittedAt} /> · took {spanOf(review.durationMs)}
              </p>
            </header>
            {review.comment && (
              <blockquote>
                <Text text={review.comment} />
              </blockquote>
            )}
            <Correction review={review} output={base ? base.correctedOutput : output} isBase={base?.id === review.id} />
            {onTake && (
              <button type="button" onClick={() => onTake(review)}>
                Take this answer {i < 9 && <kbd>{i + 1}</kbd>}
              </button>
            )}
          </article>
        ))}
      </div>
      <LabelsTable output={output} reviews={reviews} />
    </div>
  );
}

function Correction({ review, output, isBase }: { review: DetailReview; output: unknown; isBase: boolean }) {
  const { correctedOutput } = review;
  if (correctedOutput === null) return null;
  if (isBase) return <Evidence value={correctedOutput} />;
  return <WordDiff before={textOf(output)} after={textOf(correctedOutput)} />;
}

/** Labels field by field; where people differ is marked. */
function LabelsTable({ output, reviews }: { output: unknown; reviews: DetailReview[] }) {
  const newest = reviews.reduce((one, other) => (other.rubric.version > one.rubric.version ? other : one), reviews[0]!);
  const fields = newest.rubric.fields as RubricField[];
  const labelsOf = ({ labels }: DetailReview) => labels as Record<string, unknown>;
  const others = [...new Set(reviews.flatMap((review) => Object.keys(labelsOf(review))))].filter(
    (name) => !fields.some((field) => field.name === name),
  );
  const rows = [...fields, ...others.map((name): RubricField => ({ name, label: name, type: 'TEXT' }))];
  if (rows.length === 0) return null;
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label="Answers to the rubric">
      <table className="list labels">
        <thead>
          <tr>
            <th scope="col">Question</th>
            {reviews.map(({ id, reviewer }) => (
              <th key={id} scope="col">
                {reviewer.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((field) => {
            const answers = reviews.map((review) => labelsOf(review)[field.name]);
            const differ = new Set(answers.map((answer) => JSON.stringify(answer))).size > 1;
            return (
              <tr key={field.name} className={differ ? 'differ' : undefined}>
                <th scope="row">
                  {field.label}
                  {differ && <span className="tag warn">differ</span>}
                </th>
                {reviews.map((review, i) => (
                  <td key={review.id}>
                    <Label field={field} value={answers[i]} output={output} />
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface LabelProps {
  field: RubricField;
  value: unknown;
  output: unknown;
}

/** An answer to a question, in the words of the rubric. */
export function Label({ field, value, output }: LabelProps) {
  if (value === undefined || value === null) return <span className="quiet">–</span>;
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  const named = (one: unknown) => {
    const option = field.options?.find((it) => typeof it !== 'string' && it.value === one);
    return option && typeof option !== 'string' ? option.label : null;
  };
  if (typeof value === 'number') return value.toLocaleString('en');
  if (field.type === 'SPANS' && targetText(field, output) !== null) {
    return <SpanChips field={field} value={value} output={output} />;
  }
  if (typeof value === 'string') return <Text text={named(value) ?? value} />;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) {
    return <Text text={value.map((one) => named(one) ?? one).join(', ') || '(none)'} />;
  }
  return <Evidence value={value} />;
}

export function spanOf(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 90) return `${seconds} s`;
  return seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}
