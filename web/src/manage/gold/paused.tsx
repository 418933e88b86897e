import { useRef, useState } from 'react';

import { type ApiError, apiError, ask } from '../../graphql.js';
import { Trouble, When } from '../states.js';
import { type Pause, ResumeReviewer } from './operations.js';

interface Props {
  pauses: Pause[];
  onResumed: () => Promise<void>;
}

/** Whom a queue passes by, why, and the way back. */
export function Paused({ pauses, onResumed }: Props) {
  const [error, setError] = useState<ApiError | null>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const [busy, setBusy] = useState<Pause | null>(null);
  const resume = async (pause: Pause) => {
    setBusy(pause);
    setError(null);
    try {
      await ask(ResumeReviewer, { input: { queue: pause.queue.key, memberId: pause.member.id } });
    } catch (failure) {
      setError(apiError(failure));
    }
    await onResumed();
    setBusy(null);
    // The button is gone with the one who was paused.
    title.current?.focus();
  };
  return (
    <section className={pauses.length > 0 ? 'panel paused' : 'panel'} aria-labelledby="paused-title">
      <h2 id="paused-title" tabIndex={-1} ref={title}>
        Paused
      </h2>
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
                <button type="button" disabled={busy !== null} onClick={() => void resume(pause)}>
                  Let go on
                  <span className="sr">
                    : {member.name} in {queue.name}
                  </span>
                </button>
              </li>
            );
          })}
        </ul>
      )}
      {pauses.length > 0 && (
        <p className="quiet">
          Talk to them first. Who is let go on starts anew: what was right and wrong until then no longer counts.
        </p>
      )}
    </section>
  );
}
