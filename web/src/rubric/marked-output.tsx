import type { RefObject } from 'react';

import { Evidence } from '../evidence/evidence.js';
import { type Labels, type RubricField, targetText, withLabel } from './field.js';
import { MarkableText, type Marker } from './markable-text.js';

interface Props {
  output: unknown;
  /** Every question of the rubric. */
  all: RubricField[];
  /** Those of them that are asked. */
  asked: RubricField[];
  /** The question that digits answer, by name. */
  marked: string | null;
  labels: Labels;
  marker: RefObject<Marker | null>;
  onMark: (name: string) => void;
  onChange: (labels: Labels) => void;
}

/** The output, to be marked where the rubric asks for that. */
export function MarkedOutput({ output, all, asked, marked, labels, marker, onMark, onChange }: Props) {
  const markings = markingsOf(all, asked, marked, output);
  return (
    <>
      {!markings.some(({ target }) => target === '') && <Evidence value={output} />}
      {markings.map(({ target, field, isAsked }) => (
        <div key={target} className={isAsked ? 'marking' : 'marking off'}>
          {target !== '' && <h3>{target}</h3>}
          <MarkableText
            field={field}
            text={targetText(field, output)!}
            labels={isAsked ? labels : {}}
            isAsked={isAsked}
            marker={marker}
            onChange={(spans) => {
              onMark(field.name);
              onChange(withLabel(labels, field.name, spans));
            }}
          />
        </div>
      ))}
    </>
  );
}

/**
 * The texts in which something is or may come to be marked, each with the question it is for: the marked one, else one
 * that is asked. Those of questions that are not asked yet keep their place, so that nothing moves when they are.
 */
function markingsOf(all: RubricField[], asked: RubricField[], marked: string | null, output: unknown) {
  const possible = all.filter((field) => field.type === 'SPANS' && targetText(field, output) !== null);
  const targets = [...new Set(possible.map((field) => field.target ?? ''))];
  return targets.map((target) => {
    const here = possible.filter((field) => (field.target ?? '') === target);
    const askedHere = here.filter((field) => asked.includes(field));
    const field = askedHere.find((one) => one.name === marked) ?? askedHere[0] ?? here[0]!;
    return { target, field, isAsked: askedHere.length > 0 };
  });
}
