import { useState } from 'react';
import { Link } from 'wouter';

import { Difference } from './difference.js';
import { Pieces } from '../evidence/text.js';
import { useReading } from '../reading.js';
import { type Changed, DiffQuery } from './snapshot-operations.js';
import { PageEnd } from './page-end.js';
import { usePages } from './paged.js';
import { excerpt } from './words.js';

const CHANGES = { ADDED: 'added', CHANGED: 'changed', RETRACTED: 'taken back' } as const;
type Change = keyof typeof CHANGES;

/** What two states of a dataset differ in, case by case and word by word. */
export function SnapshotDiff({ dataset, from, to }: { dataset: string; from: number; to: number | null }) {
  const [change, setChange] = useState<Change | null>(null);
  const list = usePages(DiffQuery, { dataset, from, to, change }, (data) => data.snapshotDiff.cases);
  const { data } = useReading(DiffQuery, { dataset, from, to });
  const counts = data && {
    ADDED: data.snapshotDiff.added,
    CHANGED: data.snapshotDiff.changed,
    RETRACTED: data.snapshotDiff.retracted,
  };
  return (
    <section aria-label="Difference">
      <div className="bulk">
        <h2>
          Snapshot {from} to {to === null ? 'now' : `snapshot ${to}`}
        </h2>
        <span className="grow" />
        <Link href={`/manage/datasets/${dataset}/snapshots`}>All snapshots</Link>
      </div>
      <div className="filters" role="group" aria-label="Kinds of change">
        <button type="button" aria-pressed={change === null} onClick={() => setChange(null)}>
          All
        </button>
        {(Object.keys(CHANGES) as Change[]).map((one) => (
          <button key={one} type="button" aria-pressed={change === one} onClick={() => setChange(one)}>
            {counts ? counts[one].toLocaleString('en') : '…'} {CHANGES[one]}
          </button>
        ))}
      </div>
      <ul className="held">
        {list.nodes?.map((changed) => (
          <ChangedRow key={changed.caseId} dataset={dataset} changed={changed} />
        ))}
      </ul>
      <PageEnd list={list}>Nothing differs.</PageEnd>
    </section>
  );
}

function ChangedRow({ dataset, changed }: { dataset: string; changed: Changed }) {
  const { caseId, change, before, after, fromRevision, toRevision } = changed;
  const shown = after ?? before;
  return (
    <li>
      <details open={change === 'CHANGED'}>
        <summary>
          <span className="what" dir="auto">
            <Pieces text={excerpt(shown?.input ?? caseId)} />
          </span>
          <span className="facts">
            <span className={`change ${change.toLowerCase()}`}>{CHANGES[change]}</span>
            {change === 'CHANGED' && (
              <span>
                revision {fromRevision} to {toRevision}
              </span>
            )}
          </span>
        </summary>
        <Difference before={before} after={after} />
        <p>
          <Link href={`/manage/datasets/${dataset}/cases/${caseId}`}>The case</Link>
        </p>
      </details>
    </li>
  );
}
