import { useRef, useState } from 'react';

import { InstructionsText } from '../../review/instructions.js';
import { Asked, type Labels, type RubricField } from '../asked.js';
import type { Fault } from '../use-plan.js';
import { FieldCard } from './field-card.js';

interface Props {
  fields: RubricField[];
  faults: Fault[];
  onChange: (fields: RubricField[]) => void;
}

/** The questions, in order. */
export function RubricEditor({ fields, faults, onChange }: Props) {
  // Cards are told apart by who they were when they came, for names change while they are typed.
  const ids = useRef<number[]>([]);
  const last = useRef(0);
  while (ids.current.length < fields.length) ids.current.push((last.current += 1));
  ids.current.length = fields.length;
  const move = (from: number, to: number) => {
    ids.current = ids.current.toSpliced(from, 1).toSpliced(to, 0, ids.current[from]!);
    onChange(fields.toSpliced(from, 1).toSpliced(to, 0, fields[from]!));
  };
  return (
    <section id="part-questions" aria-labelledby="rubric-title" className="pile part-questions" tabIndex={-1}>
      <h2 id="rubric-title">What a reviewer is asked</h2>
      <ol className="questions-list">
        {fields.map((field, place) => (
          <FieldCard
            key={ids.current[place]}
            field={field}
            place={place}
            count={fields.length}
            faults={faults}
            onChange={(next) => onChange(fields.with(place, next))}
            onMove={(to) => move(place, to)}
            onRemove={() => {
              ids.current = ids.current.toSpliced(place, 1);
              onChange(fields.toSpliced(place, 1));
            }}
          />
        ))}
      </ol>
      <p>
        <button type="button" onClick={() => onChange([...fields, newField(fields)])}>
          Add a question
        </button>
      </p>
    </section>
  );
}

function newField(fields: RubricField[]): RubricField {
  const names = new Set(fields.map(({ name }) => name));
  let n = fields.length + 1;
  while (names.has(`question_${n}`)) n += 1;
  return { name: `question_${n}`, type: 'BOOLEAN', label: 'A new question', required: false };
}

/** The reviewer's own form, to try out. Fields that make no sense yet are not shown before they do. */
export function Preview({ fields, instructions }: { fields: RubricField[]; instructions: string }) {
  const [labels, setLabels] = useState<Labels>({});
  const [marked, setMarked] = useState<string | null>(null);
  return (
    <section className="panel preview" aria-labelledby="preview-title">
      <h2 id="preview-title">As a reviewer sees it</h2>
      {instructions.trim() !== '' && (
        <details>
          <summary>Instructions</summary>
          <InstructionsText text={instructions} />
        </details>
      )}
      {fields.length === 0 && <p className="quiet">No questions: only the verdict is asked for.</p>}
      <Asked
        fields={fields}
        labels={labels}
        output="You can return it within 60 days."
        verdict={null}
        marked={marked}
        onMark={setMarked}
        onChange={setLabels}
      />
    </section>
  );
}
