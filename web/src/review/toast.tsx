import { useEffect, useState } from 'react';

import './toast.css';
import type { Desk } from './desk.js';
import type { DeskState } from './desk-store.js';
import { type Pending, UNDO_MS } from './outbox.js';

const DONE = { CONFIRMED: 'Confirmed', CORRECTED: 'Corrected', REJECTED: 'Rejected' } as const;

/** What was just done and can still be undone, and what else there is to know. */
export function Toasts({ desk, state, isUp }: { desk: Desk; state: DeskState; isUp: boolean }) {
  const { undoable, pending, messages } = state;
  const isLate = useIsLate(pending[0]?.sendAt);
  return (
    <div className="toasts" role="status">
      {messages.map((message) => (
        <div key={message.id} className="toast warn">
          <p>
            <strong>{message.title}.</strong> {message.text}
          </p>
          <button type="button" onClick={() => desk.dismiss(message.id)}>
            Understood
          </button>
        </div>
      ))}
      {(isLate || (!isUp && pending.length > 0)) && (
        <div className="toast warn">
          <p>
            {pending.length === 1
              ? 'One answer is not sent yet. It is kept in this browser, and sent as soon as the service answers.'
              : `${pending.length} answers are not sent yet. They are kept in this browser, and sent as soon as the service answers.`}
          </p>
        </div>
      )}
      {undoable && (
        <div className="toast undo" key={undoable.assignmentId}>
          <p>
            {doneOf(undoable)} <span className="quiet">{undoable.title}</span>
          </p>
          <button type="button" onClick={() => desk.undo()}>
            Undo <kbd>U</kbd>
          </button>
        </div>
      )}
    </div>
  );
}

function doneOf({ review, escalation }: Pending): string {
  if (review) return DONE[review.verdict];
  return escalation ? 'Escalated' : 'Skipped';
}

/** Whether something should long have been sent. */
function useIsLate(sendAt: number | undefined): boolean {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    setIsLate(false);
    if (sendAt === undefined) return undefined;
    const timer = setTimeout(() => setIsLate(true), Math.max(0, sendAt - Date.now()) + UNDO_MS);
    return () => clearTimeout(timer);
  }, [sendAt]);
  return isLate;
}
