import { useState } from 'react';
import { Link } from 'wouter';

import { ask } from '../graphql.js';
import { MarkDistinct } from './alike-operations.js';
import { likeness } from './alike-tab.js';
import type { ShownCase } from './operations.js';
import { ReasonDialog } from './reason-dialog.js';
import { count, excerpt } from './words.js';

interface AlikeListProps {
  readonly dataset: string;
  readonly evalCase: ShownCase;
  readonly mayAct: boolean;
  readonly onChange: () => Promise<unknown>;
}

const APART = { title: 'They are two', what: 'Both stay cases.', action: 'Tell them apart' };
const ALIKE = {
  title: 'They may be one',
  what: 'The pair is shown under “Look alike” again.',
  action: 'Show it again',
};

/** Cases that ask the same, or almost. */
export function AlikeList({ dataset, evalCase: { sameInput, nearIdentical }, mayAct, onChange }: AlikeListProps) {
  const [pair, setPair] = useState<ShownCase['nearIdentical'][number] | null>(null);
  if (sameInput === 0 && nearIdentical.length === 0) return null;
  return (
    <section>
      <h2>Looks like</h2>
      {sameInput > 0 && (
        <p className="quiet">{count(sameInput, 'other case has', 'other cases have')} exactly this input, and agree.</p>
      )}
      <ul className="plain-list">
        {nearIdentical.map((near) => (
          <li key={near.pairId}>
            <Link href={`/manage/datasets/${dataset}/cases/${near.evalCase.id}`}>{excerpt(near.evalCase.input)}</Link>{' '}
            <span className="quiet">
              {likeness(near.similarity).toLowerCase()}
              {near.isDistinct && ', told apart'}
            </span>{' '}
            {mayAct && (
              <button type="button" className="link" onClick={() => setPair(near)}>
                {near.isDistinct ? 'Take that back' : 'They are two'}
              </button>
            )}
          </li>
        ))}
      </ul>
      {pair && (
        <ReasonDialog
          {...(pair.isDistinct ? ALIKE : APART)}
          onDecide={async (reason) => {
            await ask(MarkDistinct, { input: { dataset, pair: pair.pairId, isDistinct: !pair.isDistinct, reason } });
            await onChange();
          }}
          onClose={() => setPair(null)}
        />
      )}
    </section>
  );
}
