import { useEffect, useRef, useState } from 'react';

import { Dialog } from '../dialog.js';
import { type ApiError, apiError } from '../graphql.js';
import { type Change, ChangesList } from './changes-list.js';
import { Trouble } from './states.js';
import { carryOut, type Plan } from './use-plan.js';

interface Props {
  title: string;
  document: object;
  plan: Plan;
  /** The plan in the words of the page; what it has none for is shown as the service says it. */
  changes: readonly Change[];
  /** What the whole of it means, for what is there already. */
  means?: string;
  /** What somebody else saved since this was opened; null for nothing. */
  conflict: string | null;
  onClose: () => void;
  onSaved: () => void;
}

/** Shows what will change, line by line, and changes that and nothing else. */
export function SaveDialog({ title, document, plan, changes, means, conflict, onClose, onSaved }: Props) {
  const [error, setError] = useState<ApiError | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const saveButton = useRef<HTMLButtonElement>(null);
  // A dialog that opens gives the focus to the first that can have it, which is the list.
  useEffect(() => saveButton.current?.focus(), []);
  const differences = plan.changes.flatMap((change) => change.differences);
  const untold = differences.map((line) => ({ what: 'Changes', from: null, to: line }));
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
      <ChangesList changes={changes.length > 0 ? changes : untold} />
      {means && <p className="quiet">{means}</p>}
      <div className="row">
        <button
          type="button"
          className="primary"
          ref={saveButton}
          disabled={isBusy || error !== null}
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
