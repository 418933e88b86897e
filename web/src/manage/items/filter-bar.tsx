import { useEffect, useState } from 'react';

import { addressOf, type Filter, RISK_CHOICES, STATUS_CHOICES, VERDICT_CHOICES } from './filter.js';
import { SearchField } from './search-field.js';
import type { Choices } from './use-choices.js';

interface Props {
  filter: Filter;
  choices: Choices;
  /** `isSameSearch`: what is being typed takes the place of what was, so that Back leads out of the search. */
  onChange: (address: string, isSameSearch?: boolean) => void;
}

/** On a phone all but the text is behind a button, so that the items are on the first screen. */
const FOLDED = 'more-filters';

/** What can be searched by. Everything chosen stands in the address, so a search can be sent to somebody. */
export function FilterBar({ filter, choices, onChange }: Props) {
  const set = (part: Filter) => onChange(addressOf({ ...filter, ...part }));
  const [isUnfolded, setIsUnfolded] = useState(false);
  const chosen = Object.keys(filter).filter((name) => name !== 'text').length;
  const people = choices.members.map(({ id, name }): [string, string] => [id, name]);
  return (
    <search className="filters">
      <SearchField
        value={filter.text}
        onChange={(text) => onChange(addressOf({ ...filter, text }), filter.text !== undefined && text !== undefined)}
      />
      <button
        type="button"
        className="fold"
        aria-expanded={isUnfolded}
        aria-controls={FOLDED}
        onClick={() => setIsUnfolded(!isUnfolded)}
      >
        {isUnfolded ? 'Hide filters' : 'Filters'}
        {chosen > 0 && <span className="quiet"> {chosen} set</span>}
      </button>
      <div id={FOLDED} className={isUnfolded ? 'folded open' : 'folded'}>
        <Choice
          label="Status"
          any="Any"
          value={filter.status}
          options={STATUS_CHOICES}
          onChange={(status) => set({ status })}
        />
        <Choice
          label="Queue"
          any="All"
          value={filter.queue}
          options={choices.queues.map(({ key, name }) => [key, name])}
          onChange={(queue) => set({ queue })}
        />
        <Choice
          label="Answer"
          any="Any"
          value={filter.verdict}
          options={VERDICT_CHOICES}
          onChange={(verdict) => set({ verdict })}
        />
        <Choice label="Risk" any="Any" value={filter.risk} options={RISK_CHOICES} onChange={(risk) => set({ risk })} />
        {people.length > 0 && (
          <>
            <Choice
              label="Held by"
              any="Anybody"
              value={filter.assignee}
              options={people}
              onChange={(assignee) => set({ assignee })}
            />
            <Choice
              label="Decided by"
              any="Anybody"
              value={filter.decidedBy}
              options={people}
              onChange={(decidedBy) => set({ decidedBy })}
            />
          </>
        )}
        <Words label="External id" value={filter.externalId} onChange={(externalId) => set({ externalId })} />
        <Words label="Source" value={filter.source} onChange={(source) => set({ source })} />
        <Words label="Tag" value={filter.tag} onChange={(tag) => set({ tag })} />
        <Words label="Model" value={filter.model} onChange={(model) => set({ model })} />
        <label className="check-row">
          <input
            type="checkbox"
            checked={filter.overdue !== undefined}
            onChange={({ target }) => set({ overdue: target.checked ? 'yes' : undefined })}
          />
          Overdue
        </label>
        <label className="check-row">
          <input
            type="checkbox"
            checked={filter.failing !== undefined}
            onChange={({ target }) => set({ failing: target.checked ? 'yes' : undefined })}
          />
          Fails in CI
        </label>
      </div>
      {Object.keys(filter).length > 0 && (
        <button type="button" className="link" onClick={() => onChange(addressOf({}))}>
          Clear
        </button>
      )}
    </search>
  );
}

interface ChoiceProps {
  label: string;
  any: string;
  value: string | undefined;
  options: [string, string][];
  onChange: (value: string | undefined) => void;
}

function Choice({ label, any, value = '', options, onChange }: ChoiceProps) {
  return (
    <label className="labelled">
      <span>{label}</span>
      <select value={value} onChange={({ target }) => onChange(target.value || undefined)}>
        <option value="">{any}</option>
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Searched for on Enter, or when the field is left. */
function Words(props: { label: string; value: string | undefined; onChange: (value: string | undefined) => void }) {
  const [text, setText] = useState(props.value ?? '');
  useEffect(() => setText(props.value ?? ''), [props.value]);
  const done = () => text !== (props.value ?? '') && props.onChange(text || undefined);
  return (
    <label className="labelled">
      <span>{props.label}</span>
      <input
        type="search"
        value={text}
        maxLength={256}
        onChange={({ target }) => setText(target.value)}
        onBlur={done}
        onKeyDown={({ key }) => key === 'Enter' && done()}
      />
    </label>
  );
}
