import type { RubricField } from '../asked.js';

/** The kinds of questions, as people call them, and what each can be told further. */
export const KINDS: Readonly<Record<string, { label: string; extras: readonly (keyof RubricField)[] }>> = {
  CHOICE: { label: 'One of several', extras: ['options'] },
  CHOICES: { label: 'Some of several', extras: ['options'] },
  BOOLEAN: { label: 'Yes or no', extras: [] },
  SCALE: { label: 'A scale', extras: ['min', 'max'] },
  NUMBER: { label: 'A number', extras: ['min', 'max', 'step'] },
  TEXT: { label: 'Text', extras: ['maxLength'] },
};

export const NUMBER_EXTRAS: Readonly<Record<string, string>> = {
  min: 'From',
  max: 'To',
  step: 'In steps of',
  maxLength: 'Characters at most',
};

/** A field of another kind: what means nothing for it is left behind, what it needs is there. */
export function asKind(field: RubricField, type: string): RubricField {
  const { name, label, guidance, required } = field;
  const extras = KINDS[type]?.extras ?? [];
  const kept = Object.fromEntries(
    extras.flatMap((extra) => (field[extra] === undefined ? [] : [[extra, field[extra]]])),
  );
  return {
    name,
    type,
    label,
    ...(guidance && { guidance }),
    required: required ?? false,
    ...(extras.includes('options') && {
      options: [
        { value: 'a', label: 'A' },
        { value: 'b', label: 'B' },
      ],
    }),
    ...(type === 'SCALE' && { min: 1, max: 5 }),
    ...kept,
  };
}

/** One option on each line: `value: label`, and behind a bar what it means. */
export function textOfOptions(options: RubricField['options'] = []): string {
  return options
    .map((option) => {
      if (typeof option === 'string') return option;
      const { value, label, guidance } = option;
      return `${value}${label === value ? '' : `: ${label}`}${guidance ? ` | ${guidance}` : ''}`;
    })
    .join('\n');
}

export function optionsOf(text: string): NonNullable<RubricField['options']> {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [named = '', ...guidance] = line.split('|');
      const [value = '', ...label] = named.split(':');
      const note = guidance.join('|').trim();
      return { value: value.trim(), label: label.join(':').trim() || value.trim(), ...(note && { guidance: note }) };
    });
}
