import { useState } from 'react';
import { Link } from 'wouter';

import { Dialog } from '../../dialog.js';
import { type ApiError, apiError, ask } from '../../graphql.js';
import { MakeGold } from '../gold/operations.js';
import type { Detail } from '../item-detail.js';
import { Trouble, words } from '../states.js';

/** Makes an item's final answer one that reviewers are tested with. */
export function GoldDialog({ item, onClose }: { item: Detail; onClose: () => void }) {
  const [error, setError] = useState<ApiError | null>(null);
  const [isDone, setDone] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const make = async () => {
    setBusy(true);
    setError(null);
    try {
      await ask(MakeGold, { input: { itemId: item.id } });
      setDone(true);
    } catch (failure) {
      setError(apiError(failure));
    }
    setBusy(false);
  };
  return (
    <Dialog title="Make it a known answer" onClose={onClose}>
      {error && <Trouble error={error} />}
      {isDone ? (
        <>
          <p role="status">
            It is mixed in among the items of {item.queue.name} from now on.{' '}
            <Link href={`/manage/gold?queue=${item.queue.key}`}>See the known answers</Link>
          </p>
          <button type="button" className="primary" autoFocus onClick={onClose}>
            Close
          </button>
        </>
      ) : (
        <>
          <p className="quiet">
            Reviewers of {item.queue.name} who have not seen it are given copies that look like any item. Right is the
            answer that it has: {item.resolution && words(item.resolution.verdict)}, with its correction and labels.
          </p>
          <div className="row">
            <button type="button" className="primary" disabled={isBusy} autoFocus onClick={() => void make()}>
              Make it a known answer
            </button>
            <button type="button" onClick={onClose}>
              Cancel
            </button>
          </div>
        </>
      )}
    </Dialog>
  );
}
