import { useState } from 'react';
import { Link } from 'wouter';

import { Evidence } from '../evidence/evidence.js';
import { asMessages } from '../evidence/shape.js';
import { WordDiff } from '../evidence/word-diff.js';
import { ask } from '../graphql.js';
import './alike.css';
import { type AlikeCase, AlikeQuery, MarkDistinct, type Pair, RetractCase } from './alike-operations.js';
import type { TabProps } from './dataset-page.js';
import { PageEnd } from './page-end.js';
import { usePages } from './paged.js';
import { ReasonDialog } from './reason-dialog.js';
import { asText, date } from './words.js';

type Choice = 'DISTINCT' | 'OLDER' | 'NEWER';

const WORDS = {
  DISTINCT: { title: 'They are two', what: 'Both stay cases, and are not shown here any more.', action: 'Keep both' },
  OLDER: {
    title: 'Take the older one out',
    what: 'The newer one stays. The older one is no case any more, until its item is resolved otherwise.',
    action: 'Take it out',
  },
  NEWER: {
    title: 'Take the newer one out',
    what: 'The older one stays. The newer one is no case any more, until its item is resolved otherwise.',
    action: 'Take it out',
  },
} as const;

const EMPTY = { edges: [], pageInfo: { hasNextPage: false, endCursor: null } };

/** Cases that ask almost the same: a suite that tries both counts one mistake twice. A person says whether they are two. */
export function AlikeTab({ dataset: { key }, mayAct, onChange }: TabProps) {
  const list = usePages(AlikeQuery, { dataset: key }, (data) => data.dataset?.nearIdentical ?? EMPTY);
  return (
    <section aria-label="Look alike" className="alike">
      {list.nodes?.map((pair) => (
        <OnePair
          key={pair.id}
          dataset={key}
          pair={pair}
          mayAct={mayAct}
          onDecided={async () => {
            await Promise.all([list.again(), onChange()]);
          }}
        />
      ))}
      <PageEnd list={list}>No two cases ask almost the same.</PageEnd>
    </section>
  );
}

interface PairProps {
  readonly dataset: string;
  readonly pair: Pair;
  readonly mayAct: boolean;
  readonly onDecided: () => Promise<void>;
}

function OnePair({ dataset, pair, mayAct, onDecided }: PairProps) {
  const [choice, setChoice] = useState<Choice | null>(null);
  const { older, newer } = pair;
  const decide = async (reason: string) => {
    if (choice === 'DISTINCT') {
      await ask(MarkDistinct, { input: { dataset, pair: pair.id, isDistinct: true, reason } });
    } else {
      const { id, revision } = choice === 'OLDER' ? older : newer;
      await ask(RetractCase, { input: { dataset, caseId: id, revision, reason } });
    }
    await onDecided();
  };
  return (
    <article aria-label={`${likeness(pair.similarity)}: ${older.item.externalId} and ${newer.item.externalId}`}>
      <p className="quiet">{likeness(pair.similarity)}</p>
      <div className="pair">
        <Side title="Older" dataset={dataset} one={older} />
        <Side title="Newer" dataset={dataset} one={newer} />
      </div>
      <WhatDiffers older={older} newer={newer} />
      {mayAct && (
        <div className="row">
          <button type="button" onClick={() => setChoice('DISTINCT')}>
            They are two
          </button>
          <button type="button" onClick={() => setChoice('OLDER')}>
            Take the older out
          </button>
          <button type="button" onClick={() => setChoice('NEWER')}>
            Take the newer out
          </button>
        </div>
      )}
      {choice && <ReasonDialog {...WORDS[choice]} onDecide={decide} onClose={() => setChoice(null)} />}
    </article>
  );
}

/** Both are drawn by this, so that what looks different is different. */
function Side({ title, dataset, one }: { title: string; dataset: string; one: AlikeCase }) {
  const { id, input, expected, item } = one;
  return (
    <section aria-label={title}>
      <p className="facts">
        <b>{title}</b>
        <Link href={`/manage/datasets/${dataset}/cases/${id}`}>{item.externalId}</Link>
        <span>{date(item.createdAt)}</span>
      </p>
      <h3>Input</h3>
      <Evidence value={input} />
      <h3>Expected</h3>
      {hasAnswer(one) ? (
        <Evidence value={expected} />
      ) : (
        <p className="quiet">Rejected, and nobody said what is right</p>
      )}
    </section>
  );
}

function hasAnswer({ expected, verdict }: AlikeCase): boolean {
  return expected !== null || verdict !== 'REJECTED';
}

/** From the older to the newer, word by word. */
function WhatDiffers({ older, newer }: Pick<Pair, 'older' | 'newer'>) {
  const parts = [
    { title: 'Input', before: asReadable(older.input), after: asReadable(newer.input) },
    ...(hasAnswer(older) && hasAnswer(newer)
      ? [{ title: 'Expected', before: asReadable(older.expected), after: asReadable(newer.expected) }]
      : []),
  ].filter(({ before, after }) => before !== after);
  if (parts.length === 0) return null;
  return (
    <section className="differs" aria-label="What differs">
      {parts.map(({ title, before, after }) => (
        <div key={title}>
          <h3>What differs in the {title.toLowerCase()}</h3>
          <WordDiff before={before} after={after} />
        </div>
      ))}
    </section>
  );
}

/** A conversation as it is read; what is no conversation as text. */
function asReadable(value: unknown): string {
  const messages = typeof value === 'string' ? null : asMessages(value);
  if (!messages) return asText(value);
  const lines = messages.map(({ role, content, calls }) =>
    [`${role}: ${content}`, ...calls.map(({ name, args }) => `${name} ${args}`)].join('\n'),
  );
  return lines.join('\n\n');
}

/** Estimates are to about 0.04, so that finer figures would promise too much. */
export function likeness(similarity: number): string {
  return similarity >= 0.995 ? 'The same words' : `About ${Math.round(similarity * 100)} % the same`;
}
