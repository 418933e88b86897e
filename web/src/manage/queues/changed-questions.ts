import type { RubricField } from '../asked.js';
import type { Change } from '../changes-list.js';
import { KINDS, NUMBER_EXTRAS, textOfOptions } from './field-kinds.js';
import { textOfConditions } from './shown-if.js';

/** What a question has, as the form calls it, and as it is said. */
const PARTS: readonly (readonly [label: string, say: (field: RubricField) => string])[] = [
  ['question', ({ label }) => label],
  ['kind', ({ type }) => KINDS[type]?.label ?? type],
  ['what a reviewer should know', ({ guidance }) => guidance ?? ''],
  ['options', ({ options }) => textOfOptions(options)],
  ['must be answered', ({ required }) => (required ? 'yes' : 'no')],
  ['asked only if', ({ shownIf }) => textOfConditions(shownIf)],
  ['in the text at', ({ target }) => target ?? ''],
  ['may overlap', ({ overlap }) => (overlap ? 'yes' : 'no')],
  ['what single answers mean', ({ values }) => (values ? JSON.stringify(values) : '')],
  ...Object.entries(NUMBER_EXTRAS).map(([extra, label]) => {
    const say = (field: RubricField) => String(field[extra as keyof typeof NUMBER_EXTRAS] ?? '');
    return [label.toLowerCase(), say] as const;
  }),
];

/** Question by question: what is new, gone, moved, or asked otherwise. What they are filed under tells which is which. */
export function changedQuestions(before: RubricField[], after: RubricField[]): Change[] {
  const earlier = new Map(before.map((field) => [field.name, field]));
  const later = new Set(after.map(({ name }) => name));
  const changes = after.flatMap((field) => {
    const old = earlier.get(field.name);
    return old ? changedIn(old, field) : [{ what: `Question “${called(field)}”`, from: null, to: 'is new' }];
  });
  const gone = before
    .filter(({ name }) => !later.has(name))
    .map((field) => ({ what: `Question “${called(field)}”`, from: null, to: 'is no longer asked' }));
  const order = (fields: RubricField[]) =>
    fields.filter(({ name }) => earlier.has(name) && later.has(name)).map((field) => field.name);
  const isMoved = order(before).join('\n') !== order(after).join('\n');
  const inOrder = isMoved ? [{ what: 'Order of the questions', from: null, to: after.map(called).join(', ') }] : [];
  return [...changes, ...gone, ...inOrder];
}

function changedIn(old: RubricField, field: RubricField): Change[] {
  return PARTS.flatMap(([label, say]) => {
    const [from, to] = [say(old), say(field)];
    if (from === to) return [];
    return [{ what: `Question “${called(old)}”, ${label}`, from: from || '(none)', to: to || '(none)' }];
  });
}

const called = ({ label, name }: RubricField) => label || name;
