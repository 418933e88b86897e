import type { Fault, Path } from './fault.js';
import { readOptions, readValues } from './rubric.options.js';
import { checkConditions, readConditions } from './rubric.conditions.js';
import { type FieldType, fieldTypes, type RubricField, scalePoints } from './rubric.js';
import { readList, Shape } from './shape.js';

/** What a field may say further, by its type. A type that is not here does not exist. */
const extras: Readonly<Record<FieldType, readonly string[]>> = {
  BOOLEAN: ['values'],
  CHOICE: ['options'],
  CHOICES: ['options'],
  NUMBER: ['min', 'max', 'step'],
  SCALE: ['min', 'max', 'step', 'values'],
  TEXT: ['minLength', 'maxLength'],
  SPANS: ['options', 'target', 'minSpans', 'maxSpans', 'overlap'],
  RANKING: ['options', 'top'],
};
const COMMON = ['name', 'type', 'label', 'guidance', 'required', 'shownIf'];
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
/** RFC 6901: empty, or steps that each begin with "/", where "~" is written "~0" and "/" "~1". */
const POINTER = /^(\/([^/~]|~[01])*)*$/;
const MOST_FIELDS = 50;
const LONGEST_ANSWER = 100_000;
const DEFAULT_ANSWER = 10_000;
const WIDEST_SCALE = 20;
const MOST_SPANS = 1_000;

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
  checkConditions(fields, path, faults);
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
  const shownIf = readConditions(shape, faults);
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
    ...(shownIf.length > 0 && { shownIf }),
    ...readExtras(shape, type, faults),
  };
}

function readExtras(shape: Shape, type: FieldType, faults: Fault[]): Partial<RubricField> {
  switch (type) {
    case 'BOOLEAN':
      return readValues(shape, [true, false], faults);
    case 'CHOICE':
      return { options: readOptions(shape, 2, faults) };
    case 'CHOICES':
      return { options: readOptions(shape, 1, faults) };
    case 'NUMBER':
      return readRange(shape);
    case 'SCALE':
      return readScale(shape, faults);
    case 'TEXT':
      return readLengths(shape);
    case 'SPANS':
      return readSpans(shape, faults);
    case 'RANKING':
      return readRanking(shape, faults);
  }
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

function readScale(shape: Shape, faults: Fault[]): Partial<RubricField> {
  const bounds = { min: -1_000, max: 1_000 };
  const given = shape.number('step', bounds);
  const step = given ?? 1;
  const ends = given === undefined ? shape.integer.bind(shape) : shape.number.bind(shape);
  const min = ends('min', bounds) ?? 1;
  const max = ends('max', bounds) ?? 5;
  const steps = (max - min) / step;
  if (step <= 0) shape.fault('step', 'must be more than 0');
  else if (min >= max) shape.fault('max', `must be more than min, ${min}`);
  else if (steps >= WIDEST_SCALE) shape.fault('max', `a scale has at most ${WIDEST_SCALE} steps; use NUMBER for more`);
  else if (Math.abs(steps - Math.round(steps)) > 1e-9)
    shape.fault('max', `must be min plus a multiple of step: ${min}, ${Number((min + step).toPrecision(12))}, …`);
  else {
    const scale = { min, max, ...(step !== 1 && { step }) };
    return { ...scale, ...readValues(shape, scalePoints(scale), faults) };
  }
  return { min, max };
}

function readLengths(shape: Shape): Partial<RubricField> {
  const bounds = { min: 1, max: LONGEST_ANSWER };
  const minLength = shape.integer('minLength', bounds);
  const maxLength = shape.integer('maxLength', bounds) ?? Math.max(DEFAULT_ANSWER, minLength ?? 0);
  if (minLength !== undefined && minLength > maxLength) {
    shape.fault('maxLength', `must be at least minLength, ${minLength}`);
  }
  return { ...(minLength !== undefined && { minLength }), maxLength };
}

function readSpans(shape: Shape, faults: Fault[]): Partial<RubricField> {
  const options = readOptions(shape, 1, faults);
  const target = shape.text('target', { max: 1_000 });
  if (target !== undefined && !POINTER.test(target)) {
    shape.fault('target', `must be a JSON pointer such as /answer or /messages/0/content; it is "${target}"`);
  }
  const minSpans = shape.integer('minSpans', { min: 1, max: MOST_SPANS });
  const maxSpans = shape.integer('maxSpans', { min: 1, max: MOST_SPANS }) ?? MOST_SPANS;
  if (minSpans !== undefined && minSpans > maxSpans) shape.fault('maxSpans', `must be at least minSpans, ${minSpans}`);
  const overlap = shape.boolean('overlap') ?? false;
  return { options, ...(target && { target }), ...(minSpans !== undefined && { minSpans }), maxSpans, overlap };
}

function readRanking(shape: Shape, faults: Fault[]): Partial<RubricField> {
  const options = readOptions(shape, 2, faults);
  const top = shape.integer('top', { min: 1, max: 100 });
  if (top !== undefined && options.length >= 2 && top > options.length) {
    shape.fault('top', `must be at most the number of options, ${options.length}`);
  }
  return { options, ...(top !== undefined && top < options.length && { top }) };
}
