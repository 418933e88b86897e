import type { Fault, Path } from './fault.js';
import { readList, Shape } from './shape.js';

/** The kinds of questions that a rubric can ask, and the answer that each takes. */
export const fieldTypes = {
  BOOLEAN: 'true or false',
  CHOICE: 'one of the options',
  CHOICES: 'a list of some of the options, or of none',
  NUMBER: 'a number',
  SCALE: 'a whole number from min to max',
  TEXT: 'text',
} as const;

export type FieldType = keyof typeof fieldTypes;

/** One question, as it is stored: with label and `required` filled in, so that equal rubrics are equal. */
export interface RubricField {
  /** What labels are filed under, in reviews and in eval cases. */
  readonly name: string;
  readonly type: FieldType;
  readonly label: string;
  /** What a reviewer should know to answer. */
  readonly guidance?: string;
  readonly required: boolean;
  /** CHOICE and CHOICES. */
  readonly options?: readonly RubricOption[];
  /** NUMBER: inclusive bounds. SCALE: its ends. */
  readonly min?: number;
  readonly max?: number;
  /** NUMBER: answers are min (or 0) plus a multiple of it. */
  readonly step?: number;
  /** TEXT: in UTF-16 code units. */
  readonly maxLength?: number;
}

export interface RubricOption {
  readonly value: string;
  readonly label: string;
  readonly guidance?: string;
}

/** What a field may say further, by its type. A type that is not here does not exist. */
const extras: Readonly<Record<FieldType, readonly string[]>> = {
  BOOLEAN: [],
  CHOICE: ['options'],
  CHOICES: ['options'],
  NUMBER: ['min', 'max', 'step'],
  SCALE: ['min', 'max'],
  TEXT: ['maxLength'],
};
const COMMON = ['name', 'type', 'label', 'guidance', 'required'];
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
const MOST_FIELDS = 50;
const MOST_OPTIONS = 100;
const LONGEST_ANSWER = 100_000;
const DEFAULT_ANSWER = 10_000;
const WIDEST_SCALE = 20;

/** Reads a rubric as a manager wrote it. It is one only if nothing was added to `faults`. */
export function checkRubric(value: unknown, path: Path, faults: Fault[]): RubricField[] {
  const fields = readList(value, path, faults, MOST_FIELDS).map((entry) => readField(entry.value, entry.path, faults));
  const names = new Map<string, number>();
  fields.forEach((field, i) => {
    const earlier = field && names.get(field.name);
    if (typeof earlier === 'number') {
      faults.push({ path: [...path, i, 'name'], message: `"${field!.name}" is the name of field ${earlier + 1} too` });
    } else if (field) names.set(field.name, i);
  });
  return fields.filter((field) => field !== null);
}

function readField(value: unknown, path: Path, faults: Fault[]): RubricField | null {
  const all = [...COMMON, ...new Set(Object.values(extras).flat())];
  const shape = Shape.read(value, path, faults, all);
  if (!shape) return null;
  const name = shape.text('name', { required: true, max: 200 });
  if (name !== undefined && !NAME.test(name)) {
    shape.fault('name', `"${name}" must begin with a letter and hold letters, digits and "_", at most 64`);
  }
  const type = shape.choice('type', Object.keys(fieldTypes) as FieldType[], true);
  const label = shape.text('label', { max: 200 }) ?? name;
  const guidance = shape.text('guidance', { max: 5_000, lines: true });
  const required = shape.boolean('required') ?? false;
  if (!type || name === undefined) return null;
  for (const extra of all) {
    if (!COMMON.includes(extra) && !extras[type].includes(extra) && shape.has(extra)) {
      shape.fault(extra, `means nothing for a field of the type ${type}`);
    }
  }
  return {
    name,
    type,
    label: label ?? name,
    ...(guidance && { guidance }),
    required,
    ...readExtras(shape, type, faults),
  };
}

function readExtras(shape: Shape, type: FieldType, faults: Fault[]): Partial<RubricField> {
  if (type === 'CHOICE' || type === 'CHOICES') return { options: readOptions(shape, type, faults) };
  if (type === 'NUMBER') return readRange(shape);
  if (type === 'SCALE') return readScale(shape);
  if (type === 'TEXT')
    return { maxLength: shape.integer('maxLength', { min: 1, max: LONGEST_ANSWER }) ?? DEFAULT_ANSWER };
  return {};
}

function readRange(shape: Shape): Partial<RubricField> {
  const bounds = { min: -1e15, max: 1e15 };
  const min = shape.number('min', bounds);
  const max = shape.number('max', bounds);
  const step = shape.number('step', bounds);
  if (min !== undefined && max !== undefined && min >= max) shape.fault('max', `must be more than min, ${min}`);
  if (step !== undefined && step <= 0) shape.fault('step', 'must be more than 0');
  return { ...(min !== undefined && { min }), ...(max !== undefined && { max }), ...(step !== undefined && { step }) };
}

function readScale(shape: Shape): Partial<RubricField> {
  const bounds = { min: -1_000, max: 1_000 };
  const min = shape.integer('min', bounds) ?? 1;
  const max = shape.integer('max', bounds) ?? 5;
  if (min >= max) shape.fault('max', `must be more than min, ${min}`);
  else if (max - min >= WIDEST_SCALE)
    shape.fault('max', `a scale has at most ${WIDEST_SCALE} steps; use NUMBER for more`);
  return { min, max };
}

function readOptions(shape: Shape, type: FieldType, faults: Fault[]): RubricOption[] {
  const fewest = type === 'CHOICE' ? 2 : 1;
  const options = shape.list('options', MOST_OPTIONS).map((entry) => readOption(entry.value, entry.path, faults));
  if (!shape.has('options')) shape.fault('options', `is required: a list of at least ${fewest}`);
  else if (Array.isArray(shape.get('options')) && options.length < fewest) {
    shape.fault('options', `needs at least ${fewest}`);
  }
  const seen = new Set<string>();
  options.forEach((option, i) => {
    if (option && seen.has(option.value)) {
      faults.push({ path: [...shape.path, 'options', i], message: `"${option.value}" stands here twice` });
    }
    if (option) seen.add(option.value);
  });
  return options.filter((option) => option !== null);
}

/** An option may be written as its value alone. */
function readOption(value: unknown, path: Path, faults: Fault[]): RubricOption | null {
  const shape = Shape.read(typeof value === 'string' ? { value } : value, path, faults, ['value', 'label', 'guidance']);
  const text = shape?.text('value', { required: true, max: 200 });
  if (!shape || text === undefined) return null;
  const guidance = shape.text('guidance', { max: 5_000, lines: true });
  return { value: text, label: shape.text('label', { max: 200 }) ?? text, ...(guidance && { guidance }) };
}
