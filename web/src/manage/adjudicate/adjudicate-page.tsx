import { useEffect, useState } from 'react';
import { useLocation, useRoute } from 'wouter';

import type { Who } from '../../session.js';
import { useChoices } from '../items/use-choices.js';
import '../items.css';
import '../parts.css';
import { Trouble, Waiting } from '../states.js';
import './adjudicate.css';
import { DisputeDesk } from './dispute-desk.js';
import { useDispute, useDisputes } from './use-disputes.js';

/** What reviewers do not agree about, one after the other, to be decided by somebody who is not one of them. */
export function AdjudicatePage({ who }: { who: Who }) {
  const [, params] = useRoute('/manage/adjudicate/:id');
  const [, go] = useLocation();
  const { queues } = useChoices(who);
  const [queue, setQueue] = useState<string | null>(null);
  const disputes = useDisputes(queue);
  const ids = disputes.ids ?? [];
  const id = params?.id ?? ids[0] ?? null;
  const place = id === null ? -1 : ids.indexOf(id);
  const next = ids[place + 1] ?? ids.find((one) => one !== id) ?? null;
  const { item, error } = useDispute(id, next);
  const show = (wanted: string | null) => go(wanted === null ? '/manage/adjudicate' : `/manage/adjudicate/${wanted}`);

  // What is looked at stands in the address, so that it stays when the list changes.
  useEffect(() => {
    if (params === null && id !== null) go(`/manage/adjudicate/${id}`, { replace: true });
  }, [params, id, go]);

  return (
    <main className="manage broad">
      <div className="head">
        <h1>Adjudicate</h1>
        <span className="quiet" role="status">
          {disputes.ids &&
            (ids.length === 1
              ? '1 waits'
              : `${ids.length.toLocaleString('en')}${disputes.areAll ? '' : ' or more'} wait`)}
        </span>
        <span className="grow" />
        {queues.length > 1 && (
          <label className="check-row quiet">
            Queue
            <select
              value={queue ?? ''}
              onChange={({ target }) => {
                setQueue(target.value || null);
                show(null);
              }}
            >
              <option value="">All</option>
              {queues.map(({ key, name }) => (
                <option key={key} value={key}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        {ids.length > 1 && (
          <button type="button" onClick={() => show(next)}>
            Next <kbd>N</kbd>
          </button>
        )}
      </div>
      {disputes.error && <Trouble error={disputes.error} onRetry={disputes.reload} />}
      {error && <Trouble error={error} onRetry={disputes.reload} />}
      {id === null ? (
        disputes.ids === null ? (
          !disputes.error && <Waiting />
        ) : (
          <Nothing />
        )
      ) : item ? (
        <DisputeDesk
          key={item.id}
          item={item}
          who={who}
          onNext={() => show(next)}
          onDecided={() => {
            disputes.settle(item.id);
            show(next);
          }}
          isOpen={disputes.ids === null || place >= 0 || !disputes.areAll}
        />
      ) : item === null ? (
        <p className="panel">There is no such item.</p>
      ) : (
        !error && <Waiting />
      )}
    </main>
  );
}

function Nothing() {
  return (
    <div className="nothing">
      <h2>Nobody disagrees</h2>
      <p className="quiet">Items whose reviews differ come here by themselves.</p>
    </div>
  );
}
