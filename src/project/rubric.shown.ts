import { targetText } from './output.text.js';
import type { Condition, RubricField } from './rubric.js';

/** What decides which fields are asked. */
export interface Given {
  readonly verdict: string | null;
  readonly labels: ReadonlyMap<string, unknown>;
  readonly output: unknown;
}

/**
 * The fields that are asked of an item. One whose conditions do not hold is not, nor is one for stretches of a text that
 * this output does not have; the answer to a field that is not asked counts as none.
 */
export function shownFields(fields: readonly RubricField[], given: Given): RubricField[] {
  const byName = new Map(fields.map((field) => [field.name, field]));
  const known = new Map<string, boolean>();
  const isShown = (field: RubricField): boolean => {
    const before = known.get(field.name);
    if (before !== undefined) return before;
    // Circles are refused when a rubric is saved; should there be one, it ends here.
    known.set(field.name, false);
    const shown =
      (field.type !== 'SPANS' || targetText(field, given.output) !== null) && (field.shownIf ?? []).every(holds);
    known.set(field.name, shown);
    return shown;
  };
  const holds = (condition: Condition): boolean => {
    if ('verdict' in condition) return given.verdict !== null && condition.verdict.includes(given.verdict);
    const field = byName.get(condition.field);
    return field !== undefined && isShown(field) && answerIn(given.labels.get(field.name), condition.in);
  };
  return fields.filter(isShown);
}

function answerIn(answer: unknown, values: readonly unknown[]): boolean {
  if (!Array.isArray(answer)) return values.includes(answer);
  return answer.some((entry: unknown) => values.includes(labelOf(entry)));
}

function labelOf(entry: unknown): unknown {
  return typeof entry === 'object' && entry !== null ? (entry as { label?: unknown }).label : entry;
}
