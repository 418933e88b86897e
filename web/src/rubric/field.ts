/** One question of a rubric, as the service declares it. */
export interface RubricField {
  name: string;
  type: string;
  label: string;
  guidance?: string;
  required?: boolean;
  shownIf?: ({ field: string; in: unknown[] } | { verdict: string[] })[];
  options?: (string | Option<string>)[];
  values?: { value: boolean | number; label?: string; guidance?: string }[];
  min?: number;
  max?: number;
  step?: number;
  minLength?: number;
  maxLength?: number;
  top?: number;
  target?: string;
  minSpans?: number;
  maxSpans?: number;
  overlap?: boolean;
}

export interface Option<Value> {
  value: Value;
  label: string;
  guidance?: string;
}

export type Labels = Record<string, unknown>;

/** What decides which questions are asked. */
export interface Given {
  verdict: string | null;
  labels: Labels;
  output: unknown;
}

/** The questions that are asked: those whose conditions hold, by answers to questions that are asked themselves. */
export function shownFields(fields: RubricField[], { verdict, labels, output }: Given): RubricField[] {
  const known = new Map<string, boolean>();
  const isShown = (field: RubricField): boolean => {
    const before = known.get(field.name);
    if (before !== undefined) return before;
    known.set(field.name, false);
    const hasText = field.type !== 'SPANS' || targetText(field, output) !== null;
    const shown = hasText && (field.shownIf ?? []).every(holds);
    known.set(field.name, shown);
    return shown;
  };
  const holds = (condition: NonNullable<RubricField['shownIf']>[number]): boolean => {
    if ('verdict' in condition) return verdict !== null && condition.verdict.includes(verdict);
    const field = fields.find((one) => one.name === condition.field);
    if (!field || !isShown(field)) return false;
    const answers = [labels[field.name]].flat();
    return answers.some((answer) =>
      condition.in.includes((answer as { label?: unknown } | undefined)?.label ?? answer),
    );
  };
  return fields.filter(isShown);
}

/** The text of an output that stretches are marked in, by a JSON pointer; null where there is none. */
export function targetText({ target = '' }: RubricField, output: unknown): string | null {
  let at = output;
  for (const step of target.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return null;
    if (Array.isArray(at) && !/^(0|[1-9]\d*)$/.test(key)) return null;
    at = (at as Record<string, unknown>)[key];
  }
  return typeof at === 'string' ? at : null;
}

export function withLabel(labels: Labels, name: string, value: unknown): Labels {
  const { [name]: _, ...rest } = labels;
  return value === undefined ? rest : { ...rest, [name]: value };
}
