import { useId } from 'react';

import { type Fault, faultsAt } from '../use-plan.js';
import type { RuleDraft } from './rules.js';

interface Props {
  rule: RuleDraft;
  place: number;
  count: number;
  queues: { key: string; name: string }[];
  faults: Fault[];
  onChange: (rule: RuleDraft) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}

/** One rule: which outputs, how many of them, and where they go. What is wrong with it stands where it is wrong. */
export function RuleCard({ rule, place, count, queues, faults, onChange, onMove, onRemove }: Props) {
  const id = useId();
  const set = (part: Partial<RuleDraft>) => onChange({ ...rule, ...part });
  const isReview = rule.queue !== '';
  const text = (name: 'name' | 'sample' | 'priority' | 'dueInHours', label: string, field: string) => (
    <label className="labelled">
      <span>{label}</span>
      <input
        value={rule[name]}
        inputMode={name === 'name' ? 'text' : 'decimal'}
        aria-invalid={faultsAt(faults, 'policy', place, field).length > 0}
        onChange={({ target }) => set({ [name]: target.value })}
      />
    </label>
  );
  return (
    <li className="panel rule" id={`rule-${rule.id}`} aria-label={`Rule ${place + 1}: ${rule.name}`}>
      <div className="rule-head">
        <span className="rule-place" aria-hidden="true">
          {place + 1}
        </span>
        {text('name', 'Name', 'name')}
        <span className="grow" />
        <button type="button" className="plain" disabled={place === 0} onClick={() => onMove(place - 1)}>
          <span aria-hidden="true">↑</span>
          <span className="sr">Move {rule.name} up</span>
        </button>
        <button type="button" className="plain" disabled={place === count - 1} onClick={() => onMove(place + 1)}>
          <span aria-hidden="true">↓</span>
          <span className="sr">Move {rule.name} down</span>
        </button>
        <button type="button" className="plain" disabled={count === 1} onClick={onRemove}>
          Remove<span className="sr"> {rule.name}</span>
        </button>
      </div>
      <label className="labelled" htmlFor={`${id}-when`}>
        <span>Which outputs; empty for all that come here</span>
      </label>
      <div className="as-tall" data-text={rule.when}>
        <textarea
          id={`${id}-when`}
          className="code"
          rows={2}
          spellCheck={false}
          autoCapitalize="off"
          autoCorrect="off"
          value={rule.when}
          aria-invalid={faultsAt(faults, 'policy', place, 'when').length > 0}
          aria-describedby={`${id}-faults`}
          onChange={({ target }) => set({ when: target.value })}
        />
      </div>
      <div id={`${id}-faults`} className="faults" role="status">
        {faultsAt(faults, 'policy', place).map((fault) => (
          <RuleFault key={fault.message} fault={fault} when={rule.when} />
        ))}
      </div>
      <div className="rule-fields">
        {text('sample', 'Of these, per cent', 'sample')}
        <label className="labelled">
          <span>Go to</span>
          <select value={rule.queue} onChange={({ target }) => set({ queue: target.value })}>
            <option value="">nobody: they pass</option>
            {queues.map(({ key, name }) => (
              <option key={key} value={key}>
                {name}
              </option>
            ))}
            {isReview && !queues.some(({ key }) => key === rule.queue) && (
              <option value={rule.queue}>{rule.queue}</option>
            )}
          </select>
        </label>
        {isReview && text('priority', 'Priority, 0 to 9', 'priority')}
        {isReview && text('dueInHours', 'Due in hours', 'dueInSeconds')}
      </div>
    </li>
  );
}

/** A fault, with the place inside a condition that it is about. */
function RuleFault({ fault, when }: { fault: Fault; when: string }) {
  const { line, column, message } = fault;
  const at = line === undefined ? undefined : when.split('\n')[line - 1];
  return (
    <div className="trouble">
      <p>
        {line !== undefined && `Line ${line}, column ${column}: `}
        {message.replace(/^rule ".*?": /, '')}
      </p>
      {at !== undefined && (
        <pre aria-hidden="true">
          {at}
          {'\n'}
          {' '.repeat(Math.max(0, (column ?? 1) - 1))}^
        </pre>
      )}
    </div>
  );
}
