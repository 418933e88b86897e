import { useState } from 'react';

import { Dialog } from '../dialog.js';

const REASONS = [
  'I do not know the subject',
  'It concerns somebody I know',
  'The evidence is not enough',
  'It disturbs me',
];

/** Asks why, and insists only where the queue does. A skipped item does not come back to the same person. */
export function SkipDialog(props: {
  isReasonRequired: boolean;
  onSkip: (reason: string) => void;
  onClose: () => void;
}) {
  const [reason, setReason] = useState('');
  return (
    <Dialog title="Skip this item" onClose={props.onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim() !== '' || !props.isReasonRequired) props.onSkip(reason);
        }}
      >
        <p className="quiet">Somebody else gets it; it will not come back to you.</p>
        <label htmlFor="skip-reason">Why?{!props.isReasonRequired && ' (optional)'}</label>
        <input
          id="skip-reason"
          list="skip-reasons"
          autoFocus
          required={props.isReasonRequired}
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <datalist id="skip-reasons">
          {REASONS.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <div className="row">
          <button type="submit" className="primary">
            Skip <kbd>Enter</kbd>
          </button>
          <button type="button" onClick={props.onClose}>
            Keep it
          </button>
        </div>
      </form>
    </Dialog>
  );
}
