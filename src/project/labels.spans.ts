import { codePointLength, targetText } from './output.text.js';
import type { RubricField } from './rubric.js';
import { nameOf } from './shape.js';

interface Span {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

/** What is wrong with the stretches that were marked in an output; null if nothing is. */
export function faultOfSpans(field: RubricField, answer: unknown, output: unknown): string | null {
  if (!Array.isArray(answer)) return `must be a list of {start, end, label}; it is ${nameOf(answer)}`;
  const { minSpans = 0, maxSpans = Number.POSITIVE_INFINITY } = field;
  if (answer.length < minSpans) return `needs at least ${minSpans}; it has ${answer.length}`;
  if (answer.length > maxSpans) return `has ${answer.length}; at most ${maxSpans} are allowed`;
  const length = codePointLength(targetText(field, output) ?? '');
  for (const [i, span] of (answer as unknown[]).entries()) {
    const fault = faultOfSpan(field, span, length);
    if (fault) return `[${i}] ${fault}`;
  }
  return faultBetween(field, answer as Span[]);
}

function faultOfSpan({ options = [] }: RubricField, span: unknown, length: number): string | null {
  if (typeof span !== 'object' || span === null || Array.isArray(span)) {
    return `must be {start, end, label}; it is ${nameOf(span)}`;
  }
  const { start, end, label, ...others } = span as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return `has "${unknown}"; it takes start, end and label`;
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end)) {
    return `start and end must be whole numbers of code points; they are ${nameOf(start)} and ${nameOf(end)}`;
  }
  const [from, to] = [start as number, end as number];
  if (from < 0 || from >= to) return `start must be at least 0 and less than end; they are ${from} and ${to}`;
  if (to > length) return `ends at ${to}, but the text has ${length} code points`;
  const values = options.map((option) => option.value);
  if (typeof label === 'string' && values.includes(label)) return null;
  return `label must be one of ${values.join(', ')}; it is ${nameOf(label)}`;
}

/** The same stretch with the same label twice is always wrong; sharing characters is where the field says so. */
function faultBetween({ overlap = false }: RubricField, spans: readonly Span[]): string | null {
  const sorted = spans.toSorted((a, b) => a.start - b.start || a.end - b.end || (a.label < b.label ? -1 : 1));
  for (const [i, span] of sorted.entries()) {
    const before = sorted[i - 1];
    if (!before) continue;
    if (before.start === span.start && before.end === span.end && before.label === span.label) {
      return `marks ${span.start} to ${span.end} as ${span.label} twice`;
    }
    if (!overlap && span.start < before.end) {
      return `${before.start} to ${before.end} and ${span.start} to ${span.end} overlap, which this field does not allow`;
    }
  }
  return null;
}
