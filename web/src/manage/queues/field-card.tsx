import { useState } from 'react';

import type { RubricField } from '../asked.js';
import { type Fault, faultsAt } from '../use-plan.js';
import {
  asKind,
  isNumberExtra,
  KINDS,
  NUMBER_EXTRAS,
  type NumberExtra,
  optionsOf,
  textOfOptions,
} from './field-kinds.js';
import { ShownIf } from './shown-if.js';

interface Props {
  field: RubricField;
  place: number;
  count: number;
  faults: Fault[];
  onChange: (field: RubricField) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}

/** One question of the rubric. */
export function FieldCard({ field, place, count, faults, onChange, onMove, onRemove }: Props) {
  const set = (part: Partial<RubricField>) => onChange({ ...field, ...part });
  const extras = KINDS[field.type]?.extras ?? [];
  const mine = faultsAt(faults, 'queues', 0, 'rubric', place);
  return (
    <li className="panel question" aria-label={`Question ${place + 1}: ${field.label}`}>
      <div className="question-head">
        <label className="labelled">
          <span>Question</span>
          <input value={field.label} maxLength={200} onChange={({ target }) => set({ label: target.value })} />
        </label>
        <label className="labelled">
          <span>Filed under</span>
          <input
            className="mono"
            value={field.name}
            maxLength={64}
            spellCheck={false}
            onChange={({ target }) => set({ name: target.value })}
          />
        </label>
        <label className="labelled">
          <span>Kind</span>
          <select value={field.type} onChange={({ target }) => onChange(asKind(field, target.value))}>
            {Object.entries(KINDS).map(([type, { label }]) => (
              <option key={type} value={type}>
                {label}
              </option>
            ))}
            {!(field.type in KINDS) && <option value={field.type}>{field.type}</option>}
          </select>
        </label>
      </div>
      <label className="labelled">
        <span>What a reviewer should know to answer</span>
        <input value={field.guidance ?? ''} onChange={({ target }) => onChange(withGuidance(field, target.value))} />
      </label>
      {extras.includes('options') && <Options field={field} onChange={(options) => set({ options })} />}
      <div className="row">
        {extras.filter(isNumberExtra).map((extra) => (
          <NumberInput key={extra} field={field} extra={extra} onChange={onChange} />
        ))}
        {extras.includes('target') && <Target field={field} onChange={onChange} />}
      </div>
      <ShownIf field={field} onChange={onChange} />
      <div className="row">
        <label className="check-row">
          <input
            type="checkbox"
            checked={field.required ?? false}
            onChange={({ target }) => set({ required: target.checked })}
          />
          Must be answered
        </label>
        {extras.includes('overlap') && (
          <label className="check-row">
            <input
              type="checkbox"
              checked={field.overlap ?? false}
              onChange={({ target }) => set({ overlap: target.checked })}
            />
            May overlap
          </label>
        )}
        <span className="grow" />
        <button type="button" className="plain" disabled={place === 0} onClick={() => onMove(place - 1)}>
          <span aria-hidden="true">↑</span>
          <span className="sr">Move {field.label} up</span>
        </button>
        <button type="button" className="plain" disabled={place === count - 1} onClick={() => onMove(place + 1)}>
          <span aria-hidden="true">↓</span>
          <span className="sr">Move {field.label} down</span>
        </button>
        <button type="button" className="plain" onClick={onRemove}>
          Remove<span className="sr"> {field.label}</span>
        </button>
      </div>
      <div role="status">
        {mine.map(({ path, message }) => (
          <p key={path.join('.') + message} className="trouble">
            {path.slice(4).join(' ')} {message}
          </p>
        ))}
      </div>
    </li>
  );
}

/** Typed as lines, so that a list can be pasted. */
function Options(props: { field: RubricField; onChange: (options: NonNullable<RubricField['options']>) => void }) {
  const [text, setText] = useState(() => textOfOptions(props.field.options));
  return (
    <label className="labelled">
      <span>Options, one on each line: value: label | what it means</span>
      <textarea
        className="mono"
        rows={Math.max(2, Math.min(10, text.split('\n').length))}
        value={text}
        spellCheck={false}
        onChange={({ target }) => {
          setText(target.value);
          props.onChange(optionsOf(target.value));
        }}
      />
    </label>
  );
}

/** Where in a structured output the text is that is marked. */
function Target({ field, onChange }: { field: RubricField; onChange: (field: RubricField) => void }) {
  return (
    <label className="labelled">
      <span>In the text at (JSON pointer)</span>
      <input
        className="mono"
        value={field.target ?? ''}
        placeholder="the output itself"
        spellCheck={false}
        onChange={({ target }) => {
          const { target: _, ...rest } = field;
          onChange(target.value === '' ? rest : { ...rest, target: target.value });
        }}
      />
    </label>
  );
}

function NumberInput(props: { field: RubricField; extra: NumberExtra; onChange: (field: RubricField) => void }) {
  const { field, extra, onChange } = props;
  const value = field[extra];
  return (
    <label className="labelled">
      <span>{NUMBER_EXTRAS[extra]}</span>
      <input
        type="number"
        step="any"
        value={typeof value === 'number' ? value : ''}
        onChange={({ target }) => {
          const { [extra]: _, ...rest } = field;
          onChange((target.value === '' ? rest : { ...rest, [extra]: Number(target.value) }) as RubricField);
        }}
      />
    </label>
  );
}

function withGuidance(field: RubricField, guidance: string): RubricField {
  const { guidance: _, ...rest } = field;
  return guidance === '' ? rest : { ...rest, guidance };
}
