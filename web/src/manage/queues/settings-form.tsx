import type { ReactNode } from 'react';

import { type Fault, faultsAt } from '../use-plan.js';
import type { QueueDraft } from './queue-draft.js';

interface Props {
  draft: QueueDraft;
  isNew: boolean;
  members: { id: string; name: string }[];
  faults: Fault[];
  onChange: (part: Partial<QueueDraft>) => void;
}

const SWITCHES = [
  ['separateGroups', 'Nobody gets two items of one conversation or customer'],
  ['blind', 'Reviewers do not see what others said before they answered'],
  ['hidesSignals', 'Nor what the system thought: confidence, risk and reasons'],
  ['skipReasonRequired', 'Who skips an item says why'],
] as const;

/** Everything of a queue but its rubric. */
export function SettingsForm({ draft, isNew, members, faults, onChange }: Props) {
  const text = (name: keyof QueueDraft, label: string, at: string) => (
    <Labelled label={label} faults={faultsAt(faults, 'queues', 0, at)}>
      <input
        value={draft[name] as string}
        aria-invalid={faultsAt(faults, 'queues', 0, at).length > 0}
        onChange={({ target }) => onChange({ [name]: target.value })}
      />
    </Labelled>
  );
  // Somebody may have been named who is no member any more.
  const names = [...new Set([...members.map(({ name }) => name), ...draft.members])].sort();
  return (
    <section className="panel pile" aria-labelledby="settings-title">
      <h2 id="settings-title">Settings</h2>
      <div className="settings">
        {isNew && text('key', 'Key: a-z, 0-9 and “-”; never changes', 'key')}
        {text('name', 'Name', 'name')}
        {text('reviewsRequired', 'Reviews of each item, 1 to 9', 'reviewsRequired')}
        {text('leaseMinutes', 'A reviewer holds an item for, in minutes', 'leaseSeconds')}
        {text('slaHours', 'Deadline after, in hours; empty for none', 'slaSeconds')}
        <Labelled label="What becomes of an item at its deadline" faults={faultsAt(faults, 'queues', 0, 'onDeadline')}>
          <select value={draft.onDeadline} onChange={({ target }) => onChange({ onDeadline: target.value })}>
            <option value="STAY_OPEN">It waits on, overdue</option>
            <option value="CONFIRM">It counts as confirmed</option>
            <option value="REJECT">It counts as rejected</option>
          </select>
        </Labelled>
        {text('skills', 'Skills that a reviewer needs, separated by commas', 'skills')}
        {text('reviseWithinHours', 'Reviews may be revised for, in hours; 0 for never', 'reviseWithinSeconds')}
        {text('relaxSkillsAfterHours', 'Anybody may after, in hours; empty for never', 'relaxSkillsAfterSeconds')}
      </div>
      {SWITCHES.map(([name, text]) => (
        <label key={name} className="check-row">
          <input
            type="checkbox"
            checked={draft[name]}
            onChange={({ target }) => onChange({ [name]: target.checked })}
          />
          {text}
        </label>
      ))}
      <details>
        <summary>
          Who works it: {draft.members.length === 0 ? 'all who have the skills' : draft.members.join(', ')}
        </summary>
        <div className="people-list">
          {names.map((name) => (
            <label key={name} className="check-row">
              <input
                type="checkbox"
                checked={draft.members.includes(name)}
                onChange={({ target }) =>
                  onChange({
                    members: target.checked ? [...draft.members, name] : draft.members.filter((one) => one !== name),
                  })
                }
              />
              {name}
            </label>
          ))}
        </div>
        <Faults faults={faultsAt(faults, 'queues', 0, 'members')} />
      </details>
      <Labelled label="Instructions, read before the first item" faults={faultsAt(faults, 'queues', 0, 'instructions')}>
        <textarea
          rows={6}
          maxLength={50_000}
          value={draft.instructions}
          onChange={({ target }) => onChange({ instructions: target.value })}
        />
      </Labelled>
    </section>
  );
}

function Labelled({ label, faults, children }: { label: string; faults: Fault[]; children: ReactNode }) {
  return (
    <div>
      <label className="labelled">
        <span>{label}</span>
        {children}
      </label>
      <Faults faults={faults} />
    </div>
  );
}

function Faults({ faults }: { faults: Fault[] }) {
  return (
    <div role="status">
      {faults.map(({ message }) => (
        <p key={message} className="trouble">
          {message}
        </p>
      ))}
    </div>
  );
}
