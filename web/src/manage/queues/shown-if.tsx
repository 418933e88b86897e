import { useState } from 'react';

import type { RubricField } from '../asked.js';

type Conditions = NonNullable<RubricField['shownIf']>;

interface Props {
  field: RubricField;
  onChange: (field: RubricField) => void;
}

/** When a question is asked, typed as one line: `failure = fact, tone; verdict = REJECTED`. All must hold. */
export function ShownIf({ field, onChange }: Props) {
  const [text, setText] = useState(() => textOfConditions(field.shownIf));
  return (
    <label className="labelled">
      <span>Asked only if: question = answer, answer; verdict = REJECTED</span>
      <input
        className="mono"
        value={text}
        spellCheck={false}
        placeholder="always"
        onChange={({ target }) => {
          setText(target.value);
          const { shownIf: _, ...rest } = field;
          const conditions = conditionsOf(target.value);
          onChange(conditions.length > 0 ? { ...rest, shownIf: conditions } : rest);
        }}
      />
    </label>
  );
}

export function textOfConditions(conditions: Conditions = []): string {
  return [conditions]
    .flat()
    .map((one) => ('verdict' in one ? `verdict = ${one.verdict.join(', ')}` : `${one.field} = ${one.in.join(', ')}`))
    .join('; ');
}

function conditionsOf(text: string): Conditions {
  return text
    .split(';')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const [name = '', ...rest] = part.split('=');
      const answers = rest
        .join('=')
        .split(',')
        .map((answer) => answer.trim())
        .filter((answer) => answer !== '');
      return name.trim() === 'verdict' ? { verdict: answers } : { field: name.trim(), in: answers.map(answerOf) };
    });
}

/** `true`, `false` and numbers are answers to other kinds of questions than words are. */
function answerOf(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
