import { useState } from 'react';

import { Evidence } from '../evidence/evidence.js';
import { Pieces } from '../evidence/text.js';
import { WordDiff } from '../evidence/word-diff.js';
import { ask } from '../graphql.js';
import type { TabProps } from './dataset-page.js';
import { DecideQuarantine, type Held, QuarantineQuery } from './operations.js';
import { PageEnd } from './page-end.js';
import { usePages } from './paged.js';
import { ReasonDialog } from './reason-dialog.js';
import { asText, count, date, excerpt } from './words.js';

const MOST_AT_ONCE = 100;
type Choice = 'ADMIT' | 'REFUSE';

/** What does not reach the bar, with what it lacks. A manager lets it through, or not; one by one or many at once. */
export function QuarantineTab({ dataset: { key }, mayAct, onChange }: TabProps) {
  const list = usePages(QuarantineQuery, { dataset: key }, (data) => data.quarantine);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [choice, setChoice] = useState<Choice | null>(null);
  const shown = list.nodes ?? [];
  const ids = shown.map(({ item }) => item.id).filter((id) => chosen.has(id));
  const toggle = (id: string) =>
    setChosen((now) => (now.has(id) ? new Set([...now].filter((one) => one !== id)) : new Set([...now, id])));
  const decide = async (reason: string) => {
    if (!choice) return;
    await ask(DecideQuarantine, { input: { dataset: key, itemIds: ids, choice, reason } });
    setChosen(new Set());
    await Promise.all([list.again(), onChange()]);
  };
  return (
    <section aria-label="Waiting">
      {mayAct && shown.length > 0 && (
        <div className="bulk">
          <label>
            <input
              type="checkbox"
              checked={ids.length > 0 && ids.length === Math.min(shown.length, MOST_AT_ONCE)}
              onChange={(event) =>
                setChosen(new Set(event.target.checked ? shown.slice(0, MOST_AT_ONCE).map(({ item }) => item.id) : []))
              }
            />{' '}
            {ids.length === 0 ? 'All that are shown' : `${ids.length} chosen`}
          </label>
          <span className="grow" />
          <button type="button" className="primary" disabled={!isCountRight(ids)} onClick={() => setChoice('ADMIT')}>
            Let through
          </button>
          <button type="button" disabled={!isCountRight(ids)} onClick={() => setChoice('REFUSE')}>
            Refuse
          </button>
        </div>
      )}
      <ul className="held">
        {shown.map((held) => (
          <HeldRow
            key={held.item.id}
            held={held}
            isChosen={chosen.has(held.item.id)}
            onToggle={mayAct ? () => toggle(held.item.id) : null}
          />
        ))}
      </ul>
      <PageEnd list={list}>Nothing waits: all that was resolved reached the bar.</PageEnd>
      {choice && (
        <ReasonDialog
          title={
            choice === 'ADMIT' ? `Let ${count(ids.length, 'item')} through` : `Refuse ${count(ids.length, 'item')}`
          }
          what={
            choice === 'ADMIT'
              ? 'What is let through becomes a case, whatever the bar says. The reason stands in its provenance.'
              : 'What is refused becomes no case until its item is resolved otherwise.'
          }
          action={choice === 'ADMIT' ? 'Let through' : 'Refuse'}
          onDecide={decide}
          onClose={() => setChoice(null)}
        />
      )}
    </section>
  );
}

/** A verdict as people call it. */
function inWords(reason: string): string {
  return reason.replaceAll(/\b(CONFIRMED|CORRECTED|REJECTED)\b/g, (verdict) => verdict.toLowerCase());
}

function isCountRight(ids: readonly string[]): boolean {
  return ids.length > 0 && ids.length <= MOST_AT_ONCE;
}

function HeldRow({ held, isChosen, onToggle }: { held: Held; isChosen: boolean; onToggle: (() => void) | null }) {
  const { verdict, expected, reasons, heldAt, item } = held;
  return (
    <li>
      {onToggle && (
        <input type="checkbox" aria-label={`Choose ${item.externalId}`} checked={isChosen} onChange={onToggle} />
      )}
      <details>
        <summary>
          <span className="what" dir="auto">
            <Pieces text={excerpt(item.input)} />
          </span>
          <span className="why">{reasons.map(inWords).join(' ')}</span>
          <span className="facts">
            <span className={`verdict ${verdict.toLowerCase()}`}>{verdict.toLowerCase()}</span>
            <span>{item.externalId}</span>
            <span>waits since {date(heldAt)}</span>
          </span>
        </summary>
        <h3>Input</h3>
        <Evidence value={item.input} />
        <h3>Output, and what it should have been</h3>
        {verdict === 'CORRECTED' && expected !== null ? (
          <WordDiff before={asText(item.output)} after={asText(expected)} />
        ) : (
          <Evidence value={item.output} />
        )}
      </details>
    </li>
  );
}
