import { useState } from 'react';

import { Evidence } from '../evidence/evidence.js';
import { ask } from '../graphql.js';
import type { TabProps } from './dataset-page.js';
import { type Conflict, ConflictsQuery, ResolveConflict } from './operations.js';
import { PageEnd } from './page-end.js';
import { usePages } from './paged.js';
import { ReasonDialog } from './reason-dialog.js';
import { asText, date } from './words.js';

type Choice = 'KEEP_ONE' | 'KEEP_ALL' | 'DROP_ALL';

const WORDS = {
  KEEP_ONE: {
    title: 'This answer is right',
    what: 'It becomes the case; the other answers become none.',
    action: 'Keep it',
  },
  KEEP_ALL: {
    title: 'All answers are right',
    what: 'One case, with the chosen answer first and the others as alternatives.',
    action: 'Keep all',
  },
  DROP_ALL: { title: 'None is right', what: 'No case is made of this input.', action: 'Keep none' },
} as const;

/** One input, answers that contradict each other: a person says which is right. */
export function ConflictsTab({ dataset: { key }, mayAct, onChange }: TabProps) {
  const list = usePages(ConflictsQuery, { dataset: key }, (data) => data.conflicts);
  return (
    <section aria-label="Conflicts">
      {list.nodes?.map((conflict) => (
        <OneConflict
          key={conflict.id + conflict.version}
          dataset={key}
          conflict={conflict}
          mayAct={mayAct}
          onDecided={async () => {
            await Promise.all([list.again(), onChange()]);
          }}
        />
      ))}
      <PageEnd list={list}>No answers contradict each other.</PageEnd>
    </section>
  );
}

interface ConflictProps {
  readonly dataset: string;
  readonly conflict: Conflict;
  readonly mayAct: boolean;
  readonly onDecided: () => Promise<void>;
}

function OneConflict({ dataset, conflict, mayAct, onDecided }: ConflictProps) {
  const { id, version, size, cases } = conflict;
  const answers = groupAnswers(conflict);
  // Nothing is chosen before somebody chose it: what comes first is no more right than the rest.
  const firstId = answers.find(({ hasAnswer }) => hasAnswer)?.itemId ?? null;
  const [chosen, setChosen] = useState<string | null>(null);
  const [choice, setChoice] = useState<Choice | null>(null);
  const decide = async (reason: string) => {
    if (!choice) return;
    const itemId = choice === 'DROP_ALL' ? null : (chosen ?? firstId);
    await ask(ResolveConflict, { input: { dataset, conflict: id, version, choice, itemId, reason } });
    await onDecided();
  };
  return (
    <article className="conflict" aria-label={`Conflict of ${size} items`}>
      <h2>Input</h2>
      <Evidence value={cases[0]?.item.input} />
      <fieldset className="answers">
        <legend>
          {answers.length} answers by {size} items
        </legend>
        {answers.map(({ itemId, value, hasAnswer, items }) => (
          <label key={itemId} className={chosen === itemId ? 'answer-card chosen' : 'answer-card'}>
            {mayAct && (
              <span>
                <input
                  type="radio"
                  name={id}
                  checked={chosen === itemId}
                  disabled={!hasAnswer}
                  onChange={() => setChosen(itemId)}
                />{' '}
                <b>This one</b>
              </span>
            )}
            {hasAnswer ? (
              <Evidence value={value} />
            ) : (
              <span className="quiet">Rejected, and nobody said what is right</span>
            )}
            <span className="quiet">{items.join(', ')}</span>
          </label>
        ))}
      </fieldset>
      {mayAct && (
        <div className="row">
          <button type="button" className="primary" disabled={!chosen} onClick={() => setChoice('KEEP_ONE')}>
            Keep the chosen one
          </button>
          <button type="button" disabled={!firstId} onClick={() => setChoice('KEEP_ALL')}>
            All are right
          </button>
          <button type="button" onClick={() => setChoice('DROP_ALL')}>
            None is right
          </button>
        </div>
      )}
      {choice && <ReasonDialog {...WORDS[choice]} onDecide={decide} onClose={() => setChoice(null)} />}
    </article>
  );
}

interface Answer {
  readonly itemId: string;
  readonly value: unknown;
  readonly hasAnswer: boolean;
  /** Whose answer it is, in words. */
  readonly items: string[];
}

/** Equal answers stand once. */
function groupAnswers({ cases }: Conflict): Answer[] {
  const byText = new Map<string, Answer>();
  for (const { item, expected, verdict } of cases) {
    const hasAnswer = expected !== null || verdict !== 'REJECTED';
    const text = hasAnswer ? `=${asText(expected)}${typeof expected}` : '';
    const known = byText.get(text) ?? { itemId: item.id, value: expected, hasAnswer, items: [] };
    known.items.push(`${item.externalId}, ${date(item.createdAt)}`);
    byText.set(text, known);
  }
  return [...byText.values()];
}
