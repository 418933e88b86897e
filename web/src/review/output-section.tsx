import { useEffect } from 'react';

import { loadStructuredEditor, OutputEditor } from '../correct/output-editor.js';
import { Evidence } from '../evidence/evidence.js';
import { type RubricField, targetText, withLabel } from '../rubric/field.js';
import { MarkableText } from '../rubric/markable-text.js';
import type { Hand } from './desk-store.js';
import type { Answering } from './use-answering.js';

/** The output: as it is, to be marked where the rubric asks for that, or while it is corrected. */
export function OutputSection({ hand, all, answering }: { hand: Hand; all: RubricField[]; answering: Answering }) {
  const { work, assignment } = hand;
  const { output } = assignment.item;
  const { problem, change, finish } = answering;
  const markings = markingsOf(all, answering, output);
  useEffect(() => {
    if (typeof output !== 'string') loadStructuredEditor();
  }, [output]);
  return (
    <section className="output" aria-label="Output">
      <h2>{work.correction === null ? 'Output' : 'Corrected output'}</h2>
      {work.correction === null ? (
        <>
          {!markings.some(({ target }) => target === '') && <Evidence value={output} />}
          {markings.map(({ target, field, isAsked }) => (
            <div key={target} className={isAsked ? 'marking' : 'marking off'}>
              {target !== '' && <h3>{target}</h3>}
              <MarkableText
                field={field}
                text={targetText(field, output)!}
                labels={isAsked ? work.labels : {}}
                isAsked={isAsked}
                marker={answering.marker}
                onChange={(spans) => {
                  answering.mark(field.name);
                  change({ labels: withLabel(work.labels, field.name, spans) });
                }}
              />
            </div>
          ))}
        </>
      ) : (
        <OutputEditor
          output={output}
          text={work.correction}
          fault={problem?.at === 'correction' ? problem.message : null}
          onChange={(correction) => change({ verdict: 'CORRECTED', correction })}
          onSubmit={() => finish('CORRECTED')}
        />
      )}
    </section>
  );
}

/**
 * The texts in which something is or may come to be marked, each with the question it is for: the marked one, else one
 * that is asked. Those of questions that are not asked yet keep their place, so that nothing moves when they are.
 */
function markingsOf(all: RubricField[], { fields, marked }: Answering, output: unknown) {
  const possible = all.filter((field) => field.type === 'SPANS' && targetText(field, output) !== null);
  const targets = [...new Set(possible.map((field) => field.target ?? ''))];
  return targets.map((target) => {
    const here = possible.filter((field) => (field.target ?? '') === target);
    const asked = here.filter((field) => fields.includes(field));
    const field = asked.find((one) => one.name === marked) ?? asked[0] ?? here[0]!;
    return { target, field, isAsked: asked.length > 0 };
  });
}
