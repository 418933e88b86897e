import { useState } from 'react';

import { Dialog } from '../dialog.js';
import { apiError } from '../graphql.js';

interface ReasonProps {
  readonly title: string;
  /** What follows of it. */
  readonly what: string;
  readonly action: string;
  readonly onDecide: (reason: string) => Promise<unknown>;
  readonly onClose: () => void;
}

/** A decision that others may ask about later is made with its reason. */
export function ReasonDialog({ title, what, action, onDecide, onClose }: ReasonProps) {
  const [reason, setReason] = useState('');
  const [trouble, setTrouble] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const decide = async () => {
    setBusy(true);
    try {
      await onDecide(reason);
      onClose();
    } catch (error) {
      setTrouble(apiError(error).message);
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} losesTyped onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void decide();
        }}
      >
        <p className="quiet">{what}</p>
        <label htmlFor="reason">Why?</label>
        <input
          id="reason"
          autoFocus
          required
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        {trouble && (
          <p className="trouble" role="alert">
            {trouble}
          </p>
        )}
        <div className="row">
          <button type="submit" className="primary" disabled={isBusy || reason.trim() === ''}>
            {action}
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
