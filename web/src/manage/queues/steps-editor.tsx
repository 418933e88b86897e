import { type Fault, faultsAt } from '../use-plan.js';
import type { StepDraft } from './deadline-draft.js';
import { Faults } from './setting.js';
import { plainly } from './settings.js';

const ACTIONS = {
  RAISE: 'it becomes more urgent',
  WIDEN: 'it goes to anybody who works the queue',
  HAND_OVER: 'it goes to another queue',
} as const;

const MEANINGS: Readonly<Record<string, string>> = {
  RAISE: 'Its priority becomes at least this, and its place moves four hours ahead for each step up.',
  WIDEN: 'The skills do not matter any more.',
  HAND_OVER: 'With its deadline, and on to that queue’s steps. Reviews that are in keep it here.',
};

interface Props {
  steps: StepDraft[];
  /** The other queues. */
  queues: { key: string; name: string }[];
  faults: Fault[];
  onChange: (steps: StepDraft[]) => void;
}

/** What happens to an overdue item, one after the other. */
export function StepsEditor({ steps, queues, faults, onChange }: Props) {
  const last = steps.at(-1);
  const add = () =>
    onChange([...steps, { afterHours: last?.afterHours ?? '0', action: 'RAISE', priority: '8', queue: '' }]);
  return (
    <fieldset className="sub-part">
      <legend>When an item is overdue</legend>
      {steps.length === 0 && <p className="hint">Nothing more happens than that it is shown as overdue.</p>}
      <ol className="steps">
        {steps.map((step, place) => (
          <Step
            key={place}
            step={step}
            place={place}
            queues={queues}
            faults={faultsAt(faults, 'queues', 0, 'deadlineSteps', place)}
            onChange={(next) => onChange(steps.with(place, next))}
            onRemove={() => onChange(steps.toSpliced(place, 1))}
          />
        ))}
      </ol>
      <p>
        <button type="button" disabled={steps.length >= 8} onClick={add}>
          Add a step
        </button>
      </p>
    </fieldset>
  );
}

interface StepProps {
  step: StepDraft;
  place: number;
  queues: Props['queues'];
  faults: Fault[];
  onChange: (step: StepDraft) => void;
  onRemove: () => void;
}

function Step({ step, place, queues, faults, onChange, onRemove }: StepProps) {
  const set = (part: Partial<StepDraft>) => onChange({ ...step, ...part });
  const isWrong = (name: string) => faults.some(({ path }) => path[4] === name);
  return (
    <li aria-label={`Step ${place + 1}`}>
      <div className="step">
        <label className="labelled short">
          <span>Hours after the deadline</span>
          <input
            value={step.afterHours}
            inputMode="decimal"
            aria-invalid={isWrong('afterSeconds')}
            onChange={({ target }) => set({ afterHours: target.value })}
          />
        </label>
        <label className="labelled">
          <span>What happens</span>
          <select
            value={step.action}
            aria-invalid={isWrong('action')}
            onChange={({ target }) => set({ action: target.value })}
          >
            {Object.entries(ACTIONS).map(([action, text]) => (
              <option key={action} value={action}>
                {text}
              </option>
            ))}
          </select>
        </label>
        {step.action === 'RAISE' && (
          <label className="labelled short">
            <span>Priority, 1 to 9</span>
            <input
              value={step.priority}
              inputMode="numeric"
              aria-invalid={isWrong('priority')}
              onChange={({ target }) => set({ priority: target.value })}
            />
          </label>
        )}
        {step.action === 'HAND_OVER' && (
          <label className="labelled">
            <span>To which queue</span>
            <select
              value={step.queue}
              aria-invalid={isWrong('queue')}
              onChange={({ target }) => set({ queue: target.value })}
            >
              <option value="">Choose…</option>
              {queues.map(({ key, name }) => (
                <option key={key} value={key}>
                  {name}
                </option>
              ))}
              {step.queue !== '' && !queues.some(({ key }) => key === step.queue) && (
                <option value={step.queue}>{step.queue}</option>
              )}
            </select>
          </label>
        )}
        <button type="button" className="plain" onClick={onRemove}>
          Remove<span className="sr"> step {place + 1}</span>
        </button>
      </div>
      <p className="hint">{MEANINGS[step.action]}</p>
      <Faults messages={faults.map((fault) => messageOf(fault, step))} />
    </li>
  );
}

function messageOf(fault: Fault, step: StepDraft): string {
  if (fault.path[4] === 'queue' && step.queue === '') return 'Choose the queue that it goes to.';
  return plainly(fault);
}
