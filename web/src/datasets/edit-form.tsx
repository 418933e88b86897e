import type { ResultOf, VariablesOf } from 'gql.tada';
import { useState } from 'react';

import { apiError, ask } from '../graphql.js';
import { type Check, CHECK_KINDS, type CheckKind, kindOf } from './checks.js';
import { EditCase, type EvalCase } from './operations.js';
import { asText } from './words.js';

interface EditProps {
  readonly dataset: string;
  readonly evalCase: EvalCase;
  readonly onSaved: (edited: ResultOf<typeof EditCase>) => Promise<void>;
  readonly onClose: () => void;
}

type EditInput = VariablesOf<typeof EditCase>['input'];
type Assertion = NonNullable<EditInput['assertions']>[number];

/** Tags, what is right as well, and checks: saved as the next revision. */
export function EditForm({ dataset, evalCase, onSaved, onClose }: EditProps) {
  const { id, revision, expected, alternatives } = evalCase;
  const isText = typeof expected === 'string';
  const [tags, setTags] = useState(evalCase.tags.join(', '));
  const [others, setOthers] = useState(alternatives.map(asText));
  const [checks, setChecks] = useState(() => (evalCase.assertions as Check[]).map(toRow));
  const [trouble, setTrouble] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  const save = async () => {
    setBusy(true);
    try {
      const input: EditInput = {
        dataset,
        caseId: id,
        revision,
        tags: tags.split(',').flatMap((tag) => tag.trim() || []),
        ...(expected !== null && { alternatives: others.map((text) => (isText ? text : parsed(text))) }),
        assertions: checks.map(toAssertion),
      };
      await onSaved(await ask(EditCase, { input }));
    } catch (error) {
      setTrouble(error instanceof SyntaxError ? error.message : apiError(error).message);
      setBusy(false);
    }
  };
  return (
    <form
      className="edit"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h2>Edit</h2>
      <label htmlFor="tags">Tags, with commas between</label>
      <input id="tags" autoFocus value={tags} onChange={(event) => setTags(event.target.value)} />
      {expected !== null && (
        <fieldset>
          <legend>Right as well</legend>
          {others.map((text, i) => (
            <div key={i} className="entry">
              <textarea
                aria-label={`Alternative ${i + 1}`}
                rows={3}
                value={text}
                onChange={(event) => setOthers(others.with(i, event.target.value))}
              />
              <button type="button" className="plain" onClick={() => setOthers(others.toSpliced(i, 1))}>
                Remove
              </button>
            </div>
          ))}
          <button
            type="button"
            disabled={others.length >= 20}
            onClick={() => setOthers([...others, isText ? '' : asText(expected)])}
          >
            Add an alternative
          </button>
        </fieldset>
      )}
      <fieldset>
        <legend>Checks</legend>
        {checks.map((row, i) => (
          <div key={i} className="entry">
            <select
              aria-label={`Kind of check ${i + 1}`}
              value={row.kind}
              onChange={(event) => setChecks(checks.with(i, { ...row, kind: event.target.value as CheckKind }))}
            >
              {Object.entries(CHECK_KINDS).map(([kind, words]) => (
                <option key={kind} value={kind}>
                  The output {words}
                </option>
              ))}
            </select>
            <textarea
              aria-label={`Value of check ${i + 1}`}
              rows={2}
              placeholder={
                row.kind === 'CHOICE' ? 'One a line' : comparesExpected(row) ? 'Empty: what is expected' : ''
              }
              value={row.value}
              onChange={(event) => setChecks(checks.with(i, { ...row, value: event.target.value }))}
            />
            <button type="button" className="plain" onClick={() => setChecks(checks.toSpliced(i, 1))}>
              Remove
            </button>
          </div>
        ))}
        <button
          type="button"
          disabled={checks.length >= 20}
          onClick={() => setChecks([...checks, { kind: 'CONTAINS', value: '' }])}
        >
          Add a check
        </button>
        {checks.length === 0 && expected !== null && (
          <p className="quiet">None: it is compared with what is expected.</p>
        )}
      </fieldset>
      {trouble && (
        <p className="trouble" role="alert">
          {trouble}
        </p>
      )}
      <div className="row">
        <button type="submit" className="primary" disabled={isBusy}>
          Save as revision {revision + 1}
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}

interface Row {
  readonly kind: CheckKind;
  readonly value: string;
  readonly threshold?: number;
  readonly weight?: number;
}

function toRow({ value, ...check }: Check): Row {
  const text = Array.isArray(value) ? value.join('\n') : value === undefined ? '' : asText(value);
  return { ...check, kind: kindOf(check), value: text };
}

function comparesExpected({ kind }: Row): boolean {
  return kind === 'EXACT' || kind === 'JSON_EQUAL';
}

function toAssertion({ kind, value, threshold, weight }: Row): Assertion {
  const rest = { ...(threshold !== undefined && { threshold }), ...(weight !== undefined && { weight }) };
  if (value === '' && (kind === 'EXACT' || kind === 'JSON_EQUAL')) return { kind, ...rest };
  if (kind === 'CHOICE') return { kind, value: value.split('\n').filter((line) => line !== ''), ...rest };
  return { kind, value: kind === 'JSON_EQUAL' ? parsed(value) : value, ...rest };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new SyntaxError(`This is no valid JSON: ${text.slice(0, 80)}`);
  }
}
