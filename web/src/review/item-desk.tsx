import { useEffect, useRef, useState } from 'react';

import { useKeys } from '../keys.js';
import type { RubricField } from '../rubric/field.js';
import { AnswerPanel } from './answer-panel.js';
import type { Desk } from './desk.js';
import type { Hand } from './desk-store.js';
import { EscalateDialog } from './escalate-dialog.js';
import { Instructions } from './instructions.js';
import { ItemFacts, Origin } from './item-facts.js';
import { LostNotice } from './lost-notice.js';
import { InputSections } from './input-sections.js';
import { OutputSection } from './output-section.js';
import { SkipDialog } from './skip-dialog.js';
import { useAnswering } from './use-answering.js';

const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** The desk: the evidence on the left, the answer on the right. */
export function ItemDesk({ desk, hand }: { desk: Desk; hand: Hand }) {
  const { assignment, lost } = hand;
  const { item } = assignment;
  const all = (assignment.rubric?.fields ?? []) as RubricField[];
  const answering = useAnswering(desk, hand, all);
  const { finish } = answering;
  const [leaving, setLeaving] = useState<'skip' | 'escalate' | null>(null);
  const [note, setNote] = useState('');
  const [areInstructionsOpen, setAreInstructionsOpen] = useState<boolean | null>(null);
  // A dialog says a moment late that it was closed, perhaps when the other one is open already.
  const close = (which: 'skip' | 'escalate') => setLeaving((now) => (now === which ? null : now));
  const top = useRef<HTMLElement>(null);

  // A new item begins at its top, and a screen reader reads its title.
  useEffect(() => {
    window.scrollTo(0, 0);
    top.current?.querySelector('h1')?.focus({ preventScroll: true });
  }, []);

  useKeys(
    lost
      ? { t: () => desk.takeAgain(), n: () => desk.moveOn() }
      : {
          ...Object.fromEntries(DIGITS.map((digit) => [digit, () => answering.digit(digit)])),
          c: () => finish('CONFIRMED'),
          e: answering.correct,
          r: () => finish('REJECTED'),
          s: () => setLeaving('skip'),
          a: () => setLeaving('escalate'),
          q: answering.nextQuestion,
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
        <InputSections item={item} />
        <OutputSection hand={hand} all={all} answering={answering} />
        <Origin item={item} />
      </div>
      <AnswerPanel
        hand={hand}
        answering={answering}
        isSteady={all.some((field) => field.shownIf)}
        onSkip={() => setLeaving('skip')}
        onEscalate={() => setLeaving('escalate')}
      />
      {leaving === 'skip' && (
        <SkipDialog
          isReasonRequired={item.queue.skipReasonRequired}
          onClose={() => close('skip')}
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
          onClose={() => close('escalate')}
          onEscalate={() => {
            setLeaving(null);
            desk.escalate(note);
          }}
        />
      )}
    </main>
  );
}
