import type { Fault, Path } from './fault.js';
import type { RubricField, RubricOption, ValueNote } from './rubric.js';
import { nameOf, Shape } from './shape.js';

const MOST_OPTIONS = 100;

export function readOptions(shape: Shape, fewest: number, faults: Fault[]): RubricOption[] {
  const options = shape.list('options', MOST_OPTIONS).map((entry) => readOption(entry.value, entry.path, faults));
  if (!shape.has('options')) shape.fault('options', `is required: a list of at least ${fewest}`);
  else if (Array.isArray(shape.get('options')) && options.length < fewest) {
    shape.fault('options', `needs at least ${fewest}`);
  }
  refuseTwice(options, [...shape.path, 'options'], faults);
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

/** What single answers mean; in the order of the answers, however it was written. */
export function readValues(
  shape: Shape,
  answers: readonly ValueNote['value'][],
  faults: Fault[],
): Pick<RubricField, 'values'> {
  const notes = shape
    .list('values', answers.length)
    .map((entry) => readValue(entry.value, entry.path, answers, faults));
  refuseTwice(notes, [...shape.path, 'values'], faults);
  const known = notes.filter((note) => note !== null);
  const values = answers.flatMap((answer) => known.find(({ value }) => value === answer) ?? []);
  return values.length > 0 ? { values } : {};
}

function readValue(
  value: unknown,
  path: Path,
  answers: readonly ValueNote['value'][],
  faults: Fault[],
): ValueNote | null {
  const shape = Shape.read(value, path, faults, ['value', 'label', 'guidance']);
  if (!shape) return null;
  const answer = answers.find((one) => one === shape.get('value'));
  if (answer === undefined) {
    shape.fault('value', `must be one of ${answers.join(', ')}; it is ${nameOf(shape.get('value'))}`);
    return null;
  }
  const label = shape.text('label', { max: 200 });
  const guidance = shape.text('guidance', { max: 5_000, lines: true });
  return { value: answer, ...(label && { label }), ...(guidance && { guidance }) };
}

function refuseTwice(entries: readonly ({ value: unknown } | null)[], path: Path, faults: Fault[]): void {
  const seen = new Set<unknown>();
  entries.forEach((entry, i) => {
    if (entry && seen.has(entry.value)) {
      faults.push({ path: [...path, i], message: `${JSON.stringify(entry.value)} stands here twice` });
    }
    if (entry) seen.add(entry.value);
  });
}
