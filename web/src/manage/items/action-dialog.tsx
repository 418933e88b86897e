import { useEffect, useState } from 'react';

import { Dialog } from '../../dialog.js';
import { type ApiError, apiError } from '../../graphql.js';
import { Trouble } from '../states.js';
import { type Action, count, type Done, perform, type Target } from './actions.js';
import { StayedList } from './stayed.js';
import type { Choices } from './use-choices.js';

/** What can be done to many. */
export type BulkKind = Exclude<Action['kind'], 'endLease'>;

interface Props {
  kind: Action['kind'];
  target: Target;
  /** Which lease, for `endLease`. */
  assignmentId?: string;
  choices: Choices;
  onClose: () => void;
  onDone: () => void;
}

const TITLES = {
  assign: 'Assign',
  unassign: 'Take back',
  endLease: 'Take back',
  move: 'Move to another queue',
  bump: 'Priority and deadline',
  withdraw: 'Withdraw',
} as const;

const EXPLAINED = {
  assign: 'A free review of each item is handed over, whatever the member’s skills. Nobody else’s lease is taken.',
  unassign: 'All leases on them end and they are offered again at their place. What was written is kept as a draft.',
  endLease: 'The lease ends and the item is offered again at its place. What was written is kept as a draft.',
  move: 'Items that somebody holds or has reviewed stay where they are.',
  bump: 'What is left empty stays as it is. Leases go on.',
  withdraw:
    'Nobody is asked about these items any more, and they get no answer. This cannot be undone. ' +
    'Items that somebody holds stay as they are: take them back first.',
} as const;

/** Says how many items are meant before anything is done, and what was done after it. */
export function ActionDialog({ kind, target, assignmentId = '', choices, onClose, onDone }: Props) {
  const [matched, setMatched] = useState<number | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const key = JSON.stringify(target);
  useEffect(() => {
    count(JSON.parse(key) as Target).then(setMatched, (failure: unknown) => setError(apiError(failure)));
  }, [key]);

  const submit = async (data: FormData) => {
    const action: Action = kind === 'endLease' ? { kind, assignmentId } : actionOf(kind, data);
    setIsBusy(true);
    setError(null);
    try {
      setDone(await perform(action, target, matched!));
      onDone();
    } catch (failure) {
      setError(apiError(failure));
      await count(target).then(setMatched, () => undefined);
    }
    setIsBusy(false);
  };
  return (
    <Dialog title={TITLES[kind]} onClose={onClose}>
      {error && <Trouble error={error} />}
      {done ? (
        <form method="dialog">
          <div role="status">
            <p>
              {done.changed === 1 ? '1 item was changed' : `${done.changed.toLocaleString('en')} items were changed`}
              {done.skipped === 1 && '; 1 stayed as it was'}
              {done.skipped > 1 && `; ${done.skipped.toLocaleString('en')} stayed as they were`}
              {done.stayed.length > 0 ? ':' : '.'}
              {done.refusal && <span className="quiet"> {done.refusal}</span>}
            </p>
            {done.stayed.length > 0 && <StayedList stayed={done.stayed} />}
          </div>
          <button type="submit" className="primary" autoFocus>
            Close
          </button>
        </form>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void submit(new FormData(event.currentTarget));
          }}
        >
          <p className="quiet">{EXPLAINED[kind]}</p>
          <Fields kind={kind} choices={choices} />
          <div className="row">
            <button type="submit" className={kind === 'withdraw' ? 'danger' : 'primary'} disabled={isBusy || !matched}>
              {TITLES[kind]}:{' '}
              {matched === null ? '…' : matched === 1 ? '1 item' : `${matched.toLocaleString('en')} items`}
            </button>
            <button type="button" onClick={onClose}>
              Cancel
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

function Fields({ kind, choices }: Pick<Props, 'kind' | 'choices'>) {
  if (kind === 'assign') {
    const able = choices.members.filter(({ role, deactivatedAt }) => role !== 'VIEWER' && deactivatedAt === null);
    return (
      <label className="labelled">
        <span>To whom</span>
        <select name="memberId" required autoFocus>
          {able.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
    );
  }
  if (kind === 'move') {
    return (
      <label className="labelled">
        <span>To which queue</span>
        <select name="queue" required autoFocus>
          {choices.queues.map((queue) => (
            <option key={queue.key} value={queue.key}>
              {queue.name}
            </option>
          ))}
        </select>
      </label>
    );
  }
  if (kind === 'bump') {
    return (
      <div className="row">
        <label className="labelled">
          <span>Priority, 0 to 9; 9 is soonest</span>
          <input name="priority" type="number" min={0} max={9} autoFocus />
        </label>
        <label className="labelled">
          <span>Deadline</span>
          <input name="dueAt" type="datetime-local" />
        </label>
      </div>
    );
  }
  if (kind === 'withdraw') {
    return (
      <label className="labelled">
        <span>Why; the log keeps it</span>
        <input name="reason" maxLength={2_000} autoFocus />
      </label>
    );
  }
  return null;
}

function actionOf(kind: BulkKind, data: FormData): Action {
  const text = (name: string) => (data.get(name) as string | null) || null;
  switch (kind) {
    case 'assign':
      return { kind, memberId: text('memberId') ?? '' };
    case 'move':
      return { kind, queue: text('queue') ?? '' };
    case 'bump': {
      const [priority, dueAt] = [text('priority'), text('dueAt')];
      return {
        kind,
        priority: priority === null ? null : Number(priority),
        dueAt: dueAt && new Date(dueAt).toISOString(),
      };
    }
    case 'withdraw':
      return { kind, reason: text('reason') };
    case 'unassign':
      return { kind };
  }
}
