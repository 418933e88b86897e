import { type Labels, type Option, type RubricField, withLabel } from './field.js';

type Value = string | boolean | number;

/** What can be picked in a field; null where something is typed. */
export function optionsOf(field: RubricField): Option<Value>[] | null {
  const noted = (value: boolean | number, label: string): Option<Value> => {
    const note = field.values?.find((one) => one.value === value);
    return { value, label: note?.label ?? label, ...(note?.guidance && { guidance: note.guidance }) };
  };
  switch (field.type) {
    case 'BOOLEAN':
      return [noted(true, 'Yes'), noted(false, 'No')];
    case 'CHOICE':
    case 'CHOICES':
    case 'RANKING':
    case 'SPANS':
      return (field.options ?? []).map((one) => (typeof one === 'string' ? { value: one, label: one } : one));
    case 'SCALE':
      return scalePoints(field).map((point) => noted(point, String(point)));
    default:
      return null;
  }
}

function scalePoints({ min = 1, max = 5, step = 1 }: RubricField): number[] {
  const count = Math.round((max - min) / step) + 1;
  return Array.from({ length: count }, (_, i) => Number((min + i * step).toPrecision(12)));
}

/** The digit that picks an option: on a scale its own number where that is one digit, else its place. Null for none. */
export function digitOf(field: RubricField, index: number): string | null {
  if (field.type === 'SCALE') {
    const points = scalePoints(field);
    if (
      points.every(
        (point) => Number.isInteger(point) && point >= 0 && point <= 10 && !(point === 10 && points[0] === 0),
      )
    ) {
      return String(points[index]! % 10);
    }
  }
  return index < 9 ? String(index + 1) : null;
}

/** The labels after the option with this digit was picked, or was let go again. Null if there is none. */
export function pickDigit(field: RubricField, labels: Labels, digit: string): Labels | null {
  const options = optionsOf(field);
  const index = options?.findIndex((_, i) => digitOf(field, i) === digit) ?? -1;
  return index < 0 || field.type === 'SPANS' ? null : pick(field, labels, index);
}

export function pick(field: RubricField, labels: Labels, index: number): Labels | null {
  const options = optionsOf(field) ?? [];
  const option = options[index];
  if (!option) return null;
  const value = labels[field.name];
  if (field.type === 'RANKING') return withLabel(labels, field.name, ranked(field, listOf(value), option.value));
  if (field.type !== 'CHOICES') return withLabel(labels, field.name, value === option.value ? undefined : option.value);
  const chosen = listOf(value);
  const isOff = chosen.includes(option.value);
  // In the order of the rubric, so that two people who choose the same say the same.
  const next = options.map((one) => one.value).filter((one) => (one === option.value ? !isOff : chosen.includes(one)));
  return withLabel(labels, field.name, next);
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** How many options a ranking has. */
export function rankedLength(field: RubricField): number {
  return field.top ?? field.options?.length ?? 0;
}

/** Puts an option at the end of the ranking, or takes it out. Of all, the last one places itself. */
function ranked(field: RubricField, order: unknown[], value: Value): unknown[] | undefined {
  if (order.includes(value)) {
    const rest = order.filter((one) => one !== value);
    return rest.length > 0 ? rest : undefined;
  }
  if (order.length >= rankedLength(field)) return order;
  const next = [...order, value];
  if (field.top !== undefined) return next;
  const left = (optionsOf(field) ?? []).map((one) => one.value).filter((one) => !next.includes(one));
  return left.length === 1 ? [...next, left[0]] : next;
}
