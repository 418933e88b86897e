import { useState } from 'react';

import { Dialog } from '../dialog.js';
import { type ApiError, apiError } from '../graphql.js';
import { Trouble } from './states.js';
import { carryOut, type Plan } from './use-plan.js';

interface Props {
  title: string;
  document: object;
  plan: Plan;
  /** What somebody else saved since this was opened; null for nothing. */
  conflict: string | null;
  onClose: () => void;
  onSaved: () => void;
}

/** Shows what will change, line by line, and changes that and nothing else. */
export function SaveDialog({ title, document, plan, conflict, onClose, onSaved }: Props) {
  const [error, setError] = useState<ApiError | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const differences = plan.changes.flatMap((change) => change.differences);
  const save = async () => {
    setIsBusy(true);
    try {
      await carryOut(document, plan.hash);
      onSaved();
    } catch (failure) {
      setError(apiError(failure));
      setIsBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      {conflict && (
        <p className="panel trouble-panel" role="alert">
          {conflict}
        </p>
      )}
      {error && <Trouble error={error} />}
      <ul className="changes" tabIndex={0} aria-label="What changes">
        {differences.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <div className="row">
        <button
          type="button"
          className="primary"
          disabled={isBusy || error !== null}
          autoFocus
          onClick={() => void save()}
        >
          {conflict ? 'Save mine over it' : 'Save'}
        </button>
        <button type="button" onClick={onClose}>
          {error ? 'Close; nothing of yours is lost' : 'Go on editing'}
        </button>
      </div>
    </Dialog>
  );
}
