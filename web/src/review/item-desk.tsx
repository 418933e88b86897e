import { useEffect, useRef, useState } from 'react';

import { Evidence } from '../evidence/evidence.js';
import { type Problem, textOf, type Verdict } from './answer.js';
import { AnswerPanel } from './answer-panel.js';
import type { Desk } from './desk.js';
import type { Hand } from './desk-store.js';
import { EscalateDialog } from './escalate-dialog.js';
import { Instructions } from './instructions.js';
import { ItemFacts, Origin } from './item-facts.js';
import { useKeys } from '../keys.js';
import { LostNotice } from './lost-notice.js';
import { OutputEditor } from './output-editor.js';
import { pick, type RubricField } from './rubric-form.js';
import { SkipDialog } from './skip-dialog.js';

/** The desk: the evidence on the left, the answer on the right. */
export function ItemDesk({ desk, hand }: { desk: Desk; hand: Hand }) {
  const { assignment, work, lost } = hand;
  const { item } = assignment;
  const fields = (assignment.rubric?.fields ?? []) as RubricField[];
  const [problem, setProblem] = useState<Problem | null>(null);
  const [marked, setMarked] = useState(() => nextOpen(fields, work.labels));
  const [leaving, setLeaving] = useState<'skip' | 'escalate' | null>(null);
  const [note, setNote] = useState('');
  const [areInstructionsOpen, setAreInstructionsOpen] = useState<boolean | null>(null);
  const top = useRef<HTMLElement>(null);

  // A new item begins at its top, and a screen reader reads its title.
  useEffect(() => {
    window.scrollTo(0, 0);
    top.current?.querySelector('h1')?.focus({ preventScroll: true });
  }, []);

  const change = (part: Partial<Hand['work']>) => {
    setProblem(null);
    desk.change({ ...work, ...part });
  };
  const finish = (verdict: Verdict) => {
    const found = desk.finish(verdict);
    setProblem(found);
    if (!found?.at) return;
    if (found.at !== 'correction') setMarked(found.at);
    focusOn(found.at);
  };
  const correct = () => {
    if (work.correction === null) change({ verdict: 'CORRECTED', correction: textOf(item.output) });
    else focusOn('correction');
  };
  const labelled = (labels: typeof work.labels) => {
    change({ labels });
    setMarked((now) => nextOpen(fields, labels) ?? now);
  };
  const answer = (digit: number) => {
    const field = fields.find((one) => one.name === marked);
    const labels = field && pick(field, work.labels, field.type === 'SCALE' ? digit - (field.min ?? 1) : digit - 1);
    if (labels) labelled(labels);
  };
  const nextQuestion = () => {
    const next = fields[(fields.findIndex((one) => one.name === marked) + 1) % fields.length];
    if (!next) return;
    setMarked(next.name);
    focusOn(next.name);
  };
  const digits = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [String(i), () => answer(i)]));
  useKeys(
    lost
      ? { t: () => desk.takeAgain(), n: () => desk.moveOn() }
      : {
          ...digits,
          c: () => finish('CONFIRMED'),
          e: correct,
          r: () => finish('REJECTED'),
          s: () => setLeaving('skip'),
          a: () => setLeaving('escalate'),
          q: nextQuestion,
          m: () => document.getElementById('comment')?.focus(),
          i: () => setAreInstructionsOpen((isOpen) => !(isOpen ?? false)),
        },
  );

  return (
    <main className="desk" ref={top} aria-labelledby="item-title">
      <div className="evidence">
        <ItemFacts hand={hand} />
        {lost && <LostNotice hand={hand} desk={desk} />}
        <Instructions queue={item.queue} isOpen={areInstructionsOpen} onToggle={setAreInstructionsOpen} />
        <section aria-label="Input">
          <h2>Input</h2>
          <Evidence value={item.input} />
        </section>
        {item.context.length > 0 && (
          <section aria-label="Context">
            <h2>Context</h2>
            {item.context.map((entry, i) => (
              <div key={i} className="passage">
                <Evidence value={entry} />
              </div>
            ))}
          </section>
        )}
        <section className="output" aria-label="Output">
          <h2>{work.correction === null ? 'Output' : 'Corrected output'}</h2>
          {work.correction === null ? (
            <Evidence value={item.output} />
          ) : (
            <OutputEditor
              output={item.output}
              text={work.correction}
              fault={problem?.at === 'correction' ? problem.message : null}
              onChange={(correction) => change({ verdict: 'CORRECTED', correction })}
              onSubmit={() => finish('CORRECTED')}
            />
          )}
        </section>
        <Origin item={item} />
      </div>
      <AnswerPanel
        hand={hand}
        fields={fields}
        marked={marked}
        problem={problem}
        onMark={setMarked}
        onLabels={labelled}
        onComment={(comment) => change({ comment })}
        onFinish={finish}
        onCorrect={correct}
        onDiscard={() => change({ verdict: null, correction: null })}
        onSkip={() => setLeaving('skip')}
        onEscalate={() => setLeaving('escalate')}
      />
      {leaving === 'skip' && (
        <SkipDialog
          isReasonRequired={item.queue.skipReasonRequired}
          onClose={() => setLeaving(null)}
          onSkip={(reason) => {
            setLeaving(null);
            desk.skip(reason);
          }}
        />
      )}
      {leaving === 'escalate' && (
        <EscalateDialog
          note={note}
          onNote={setNote}
          onClose={() => setLeaving(null)}
          onEscalate={() => {
            setLeaving(null);
            desk.escalate(note);
          }}
        />
      )}
    </main>
  );
}

/** The first required question without an answer, else the first without one. */
function nextOpen(fields: RubricField[], labels: Hand['work']['labels']): string | null {
  const open = fields.filter((field) => !(field.name in labels));
  return (open.find((field) => field.required) ?? open[0] ?? fields[0])?.name ?? null;
}

function focusOn(at: string): void {
  requestAnimationFrame(() => {
    const place = document.getElementById(at === 'correction' ? at : `field-${at}`);
    const target = at === 'correction' ? place : place?.querySelector<HTMLElement>('button, input, textarea');
    target?.focus();
  });
}
