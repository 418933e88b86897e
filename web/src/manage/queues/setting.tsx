import { type ReactNode, useId } from 'react';

import { type Fault, faultsAt } from '../use-plan.js';
import { plainly, type Setting } from './settings.js';

interface Props {
  setting: Setting;
  value: string;
  faults: Fault[];
  isLong?: boolean;
  onChange: (value: string) => void;
}

/** A setting that is typed: what it is called, what it means, and what is wrong with it. */
export function TextSetting({ setting, value, faults, isLong = false, onChange }: Props) {
  const id = useId();
  const mine = faultsAt(faults, 'queues', 0, setting.at);
  const { label, hint, unit } = setting;
  const attributes = {
    id,
    value,
    'aria-invalid': mine.length > 0,
    'aria-describedby': `${id}-unit ${id}-hint ${id}-faults`,
  };
  return (
    <div className={isLong ? 'setting long' : 'setting'}>
      <label htmlFor={id}>{label}</label>
      {isLong ? (
        <textarea {...attributes} rows={6} maxLength={50_000} onChange={({ target }) => onChange(target.value)} />
      ) : (
        <div className="with-unit">
          <input
            {...attributes}
            inputMode={setting.range && 'decimal'}
            spellCheck={false}
            onChange={({ target }) => onChange(target.value)}
          />
          {unit && <span id={`${id}-unit`}>{unit}</span>}
        </div>
      )}
      <p id={`${id}-hint`} className="hint">
        {hint}
      </p>
      <Faults id={`${id}-faults`} messages={mine.map((fault) => plainly(fault, setting, value))} />
    </div>
  );
}

/** What is wrong, said when it comes up. */
export function Faults({ id, messages }: { id?: string; messages: string[] }) {
  return (
    <div id={id} role="status">
      {[...new Set(messages)].map((message) => (
        <p key={message} className="trouble">
          {message}
        </p>
      ))}
    </div>
  );
}

interface PartProps {
  id: string;
  title: string;
  children: ReactNode;
}

/** A part of the form, which the list of parts leads to. */
export function Part({ id, title, children }: PartProps) {
  return (
    <section className="panel part" id={id} aria-labelledby={`${id}-title`} tabIndex={-1}>
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </section>
  );
}
