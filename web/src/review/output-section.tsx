import { useEffect } from 'react';

import { loadStructuredEditor, OutputEditor } from '../correct/output-editor.js';
import type { RubricField } from '../rubric/field.js';
import { MarkedOutput } from '../rubric/marked-output.js';
import type { Hand } from './desk-store.js';
import type { Answering } from './use-answering.js';

/** The output: as it is, to be marked where the rubric asks for that, or while it is corrected. */
export function OutputSection({ hand, all, answering }: { hand: Hand; all: RubricField[]; answering: Answering }) {
  const { work, assignment } = hand;
  const { output } = assignment.item;
  const { problem, change, finish } = answering;
  useEffect(() => {
    if (typeof output !== 'string') loadStructuredEditor();
  }, [output]);
  return (
    <section className="output" aria-label="Output">
      <h2>{work.correction === null ? 'Output' : 'Corrected output'}</h2>
      {work.correction === null ? (
        <MarkedOutput
          output={output}
          all={all}
          asked={answering.fields}
          marked={answering.marked}
          labels={work.labels}
          marker={answering.marker}
          onMark={answering.mark}
          onChange={(labels) => change({ labels })}
        />
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
