import { useState } from 'react';

import { Dialog } from '../../dialog.js';
import { type ApiError, apiError, ask } from '../../graphql.js';
import { Trouble, When } from '../states.js';
import { type Pause, ResumeReviewer } from './operations.js';

const ANEW = 'Who is let go on starts anew: what was right and wrong until then no longer counts.';

interface Props {
  pauses: Pause[];
  onResumed: () => Promise<void>;
}

/** Whom a queue passes by, why, and the way back. */
export function Paused({ pauses, onResumed }: Props) {
  const [error, setError] = useState<ApiError | null>(null);
  const [chosen, setChosen] = useState<Pause | null>(null);
  const [isBusy, setBusy] = useState(false);
  const resume = async ({ queue, member }: Pause) => {
    setBusy(true);
    setError(null);
    try {
      await ask(ResumeReviewer, { input: { queue: queue.key, memberId: member.id } });
    } catch (failure) {
      setError(apiError(failure));
    }
    await onResumed();
    setChosen(null);
    setBusy(false);
  };
  return (
    <section className={pauses.length > 0 ? 'panel paused' : 'panel'} aria-labelledby="paused-title">
      <h2 id="paused-title">Paused</h2>
      {error && <Trouble error={error} />}
      {pauses.length === 0 ? (
        <p className="quiet">Nobody is paused in any queue.</p>
      ) : (
        <ul>
          {pauses.map((pause) => {
            const { member, queue, answered, right, pausedAt } = pause;
            return (
              <li key={`${member.id} ${queue.key}`}>
                <p>
                  <strong>{member.name}</strong> in {queue.name}
                  <span className="quiet">
                    {' '}
                    · {right} of {answered} known answers right, {Math.round(queue.gold.bar * 100)} % asked for · since{' '}
                    <When at={pausedAt} />
                  </span>
                </p>
                <button type="button" onClick={() => setChosen(pause)}>
                  Let go on…
                  <span className="sr">
                    : {member.name} in {queue.name}
                  </span>
                </button>
              </li>
            );
          })}
        </ul>
      )}
      {pauses.length > 0 && <p className="quiet">Talk to them first. {ANEW}</p>}
      {chosen && (
        <Dialog title={`Let ${chosen.member.name} go on in ${chosen.queue.name}`} onClose={() => setChosen(null)}>
          <p className="quiet">
            {chosen.right} of {chosen.answered} known answers were right. They are given items of {chosen.queue.name}{' '}
            again from now on. {ANEW} This cannot be undone.
          </p>
          <div className="row">
            <button type="button" className="primary" disabled={isBusy} autoFocus onClick={() => void resume(chosen)}>
              Let go on
            </button>
            <button type="button" onClick={() => setChosen(null)}>
              Cancel
            </button>
          </div>
        </Dialog>
      )}
    </section>
  );
}
