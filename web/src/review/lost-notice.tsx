import type { Desk } from './desk.js';
import type { Hand } from './desk-store.js';

/** The hold is gone: says what happened, that nothing is lost, and what can be done. */
export function LostNotice({ hand, desk }: { hand: Hand; desk: Desk }) {
  return (
    <div className="lost" role="alert">
      <strong>You no longer hold this item.</strong>
      <p>
        {hand.lost} {!hand.lost?.includes('kept') && 'What you wrote is kept in this browser.'}
      </p>
      <div className="row">
        <button type="button" className="primary" onClick={() => void desk.takeAgain()}>
          Take it again <kbd>T</kbd>
        </button>
        <button type="button" onClick={() => desk.moveOn()}>
          Go on with the next <kbd>N</kbd>
        </button>
      </div>
    </div>
  );
}
