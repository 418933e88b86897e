import type { RubricField } from '../asked.js';

/** What a question of some kind can be told further. */
export type Extra = 'options' | 'overlap' | 'target' | NumberExtra;
export type NumberExtra = 'min' | 'max' | 'step' | 'minLength' | 'maxLength' | 'minSpans' | 'maxSpans' | 'top';

/** The kinds of questions, as people call them, and what each can be told further. */
export const KINDS: Readonly<Record<string, { label: string; extras: readonly Extra[] }>> = {
  CHOICE: { label: 'One of several', extras: ['options'] },
  CHOICES: { label: 'Some of several', extras: ['options'] },
  BOOLEAN: { label: 'Yes or no', extras: [] },
  SCALE: { label: 'A scale', extras: ['min', 'max', 'step'] },
  NUMBER: { label: 'A number', extras: ['min', 'max', 'step'] },
  TEXT: { label: 'Text', extras: ['minLength', 'maxLength'] },
  SPANS: { label: 'Stretches of the output', extras: ['options', 'target', 'minSpans', 'maxSpans', 'overlap'] },
  RANKING: { label: 'An order', extras: ['options', 'top'] },
};

export const NUMBER_EXTRAS: Readonly<Record<NumberExtra, string>> = {
  min: 'From',
  max: 'To',
  step: 'In steps of',
  minLength: 'Characters at least',
  maxLength: 'Characters at most',
  minSpans: 'Stretches at least',
  maxSpans: 'Stretches at most',
  top: 'Only the best',
};

export function isNumberExtra(extra: Extra): extra is NumberExtra {
  return extra in NUMBER_EXTRAS;
}

/** A field of another kind: what means nothing for it is left behind, what it needs is there. */
export function asKind(field: RubricField, type: string): RubricField {
  const { name, label, guidance, required, shownIf } = field;
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
    ...(shownIf && { shownIf }),
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
