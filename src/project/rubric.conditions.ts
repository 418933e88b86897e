import type { Fault, Path } from './fault.js';
import { type Condition, type RubricField, type Scalar, scalePoints, verdicts } from './rubric.js';
import { nameOf, readList, Shape } from './shape.js';

const MOST_CONDITIONS = 10;
const MOST_VALUES = 100;

/** `shownIf` of a field: one condition or a list of them. Whether they fit the other fields is checked afterwards. */
export function readConditions(field: Shape, faults: Fault[]): Condition[] {
  const given = field.get('shownIf');
  if (given === undefined) return [];
  const path = [...field.path, 'shownIf'];
  const entries = Array.isArray(given) ? readList(given, path, faults, MOST_CONDITIONS) : [{ value: given, path }];
  return entries.flatMap((entry) => readCondition(entry.value, entry.path, faults) ?? []);
}

function readCondition(value: unknown, path: Path, faults: Fault[]): Condition | null {
  const shape = Shape.read(value, path, faults, ['field', 'in', 'verdict']);
  if (!shape) return null;
  if (shape.has('verdict')) return readVerdicts(shape, faults);
  const field = shape.text('field', { required: true, max: 200 });
  const values = shape.list('in', MOST_VALUES).map((entry) => entry.value);
  if (values.length === 0) shape.fault('in', 'is required: a list of at least one answer');
  if (field === undefined) return null;
  return { field, in: values as Scalar[] };
}

function readVerdicts(shape: Shape, faults: Fault[]): Condition | null {
  for (const other of ['field', 'in']) {
    if (shape.has(other)) shape.fault(other, 'stands beside verdict; write two conditions in a list');
  }
  const said = shape.get('verdict');
  const entries = Array.isArray(said)
    ? shape.list('verdict', verdicts.length)
    : [{ value: said, path: [...shape.path, 'verdict'] }];
  for (const { value, path } of entries) {
    if (!verdicts.some((verdict) => verdict === value)) {
      faults.push({ path, message: `must be one of ${verdicts.join(', ')}; it is ${nameOf(value)}` });
    }
  }
  // In one order, so that two spellings of the same are equal.
  const verdict = verdicts.filter((one) => entries.some(({ value }) => value === one));
  if (Array.isArray(said) && said.length === 0) shape.fault('verdict', `needs at least one of ${verdicts.join(', ')}`);
  return { verdict };
}

/** Refuses conditions on fields that are not there, on answers that cannot be given, and in a circle. */
export function checkConditions(fields: readonly (RubricField | null)[], path: Path, faults: Fault[]): void {
  const byName = new Map(fields.flatMap((field) => (field ? [[field.name, field] as const] : [])));
  fields.forEach((field, i) => {
    for (const condition of field?.shownIf ?? []) {
      if ('verdict' in condition) continue;
      const at = [...path, i, 'shownIf'];
      const other = byName.get(condition.field);
      if (!other) faults.push({ path: at, message: `there is no field "${condition.field}"` });
      else checkAnswers(other, condition.in, at, faults);
    }
    const circle = field && circleFrom(field.name, byName);
    if (circle) faults.push({ path: [...path, i, 'shownIf'], message: `goes in a circle: ${circle.join(' → ')}` });
  });
}

function checkAnswers(field: RubricField, values: readonly Scalar[], path: Path, faults: Fault[]): void {
  const possible = possibleAnswers(field);
  if (possible === null) {
    const message = `"${field.name}" is of the type ${field.type}; a condition needs BOOLEAN, CHOICE, CHOICES, SCALE, NUMBER or SPANS`;
    faults.push({ path, message });
    return;
  }
  for (const value of values) {
    const isPossible = possible === 'numbers' ? typeof value === 'number' : possible.includes(value);
    if (isPossible) continue;
    const which = possible === 'numbers' ? 'it takes numbers' : `its answers are ${possible.join(', ')}`;
    faults.push({ path, message: `${nameOf(value)} is no answer to "${field.name}"; ${which}` });
  }
}

function possibleAnswers(field: RubricField): readonly Scalar[] | 'numbers' | null {
  switch (field.type) {
    case 'BOOLEAN':
      return [true, false];
    case 'CHOICE':
    case 'CHOICES':
    case 'SPANS':
      return (field.options ?? []).map(({ value }) => value);
    case 'SCALE':
      return scalePoints(field);
    case 'NUMBER':
      return 'numbers';
    case 'TEXT':
    case 'RANKING':
      return null;
  }
}

/** The way from a field through what it depends on back to itself. */
function circleFrom(name: string, byName: ReadonlyMap<string, RubricField>): string[] | null {
  const seen = new Set<string>();
  const walk = (at: string, way: string[]): string[] | null => {
    for (const condition of byName.get(at)?.shownIf ?? []) {
      if ('verdict' in condition) continue;
      if (condition.field === name) return [...way, name];
      if (seen.has(condition.field)) continue;
      seen.add(condition.field);
      const found = walk(condition.field, [...way, condition.field]);
      if (found) return found;
    }
    return null;
  };
  return walk(name, [name]);
}
