import { Refusal } from '../errors.js';
import { faultOfSpans } from './labels.spans.js';
import { type RubricField, scalePoints } from './rubric.js';
import { shownFields } from './rubric.shown.js';
import { nameOf } from './shape.js';

/** One label that does not answer its field. */
export interface LabelFault {
  readonly field: string;
  readonly message: string;
}

/** An answer to a rubric, with all that its rules look at. */
export interface Answered {
  readonly labels: unknown;
  readonly verdict: string | null;
  /** Of the item; asked for only where `needsOutput`. */
  readonly output?: unknown;
}

/** Whether labels can be checked only beside the output. */
export function needsOutput(fields: readonly RubricField[]): boolean {
  return fields.some((field) => field.type === 'SPANS');
}

/**
 * Refuses labels that do not answer the rubric with RUBRIC_VIOLATION; `details.faults` lists every fault by field.
 * `false`, `0`, `""` and `[]` are answers; null and absent are none.
 */
export function checkLabels(fields: readonly RubricField[], answer: Answered): void {
  const faults = labelFaults(fields, answer);
  if (faults.length === 0) return;
  throw new Refusal('RUBRIC_VIOLATION', faults.map(({ field, message }) => `${field}: ${message}`).join('\n'), {
    faults,
  });
}

export function labelFaults(fields: readonly RubricField[], { labels, verdict, output }: Answered): LabelFault[] {
  const given = labels ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) {
    return [{ field: 'labels', message: `must be an object of answers by field name; it is ${nameOf(labels)}` }];
  }
  const answers = new Map(Object.entries(given));
  const names = fields.map((field) => field.name);
  const faults: LabelFault[] = [];
  for (const name of answers.keys()) {
    if (!names.includes(name)) {
      const known = names.length > 0 ? `its fields are ${names.join(', ')}` : 'it has no fields';
      faults.push({ field: name, message: `is not in the rubric; ${known}` });
    }
  }
  const shown = new Set(shownFields(fields, { verdict, labels: answers, output }));
  for (const field of fields) {
    const answer = answers.get(field.name) ?? null;
    const message = shown.has(field) ? faultOf(field, answer, output) : answer === null ? null : whyNotAsked(field);
    if (message) faults.push({ field: field.name, message });
  }
  return faults;
}

function whyNotAsked({ shownIf = [], target }: RubricField): string {
  const reasons = shownIf.map((condition) =>
    'verdict' in condition
      ? `the verdict is ${condition.verdict.join(' or ')}`
      : `${condition.field} is ${condition.in.join(' or ')}`,
  );
  if (reasons.length > 0) return `is answered but not asked here: it is asked where ${reasons.join(' and ')}`;
  return `is answered but not asked here: the output has no text${target ? ` at ${target}` : ''}`;
}

function faultOf(field: RubricField, answer: unknown, output: unknown): string | null {
  if (answer === null) return field.required ? 'is required' : null;
  switch (field.type) {
    case 'BOOLEAN':
      return typeof answer === 'boolean' ? null : `must be true or false; it is ${nameOf(answer)}`;
    case 'CHOICE':
      return faultOfChoice(field, answer);
    case 'CHOICES':
      return faultOfChoices(field, answer);
    case 'NUMBER':
      return faultOfNumber(field, answer);
    case 'SCALE':
      return faultOfScale(field, answer);
    case 'TEXT':
      return faultOfText(field, answer);
    case 'SPANS':
      return faultOfSpans(field, answer, output);
    case 'RANKING':
      return faultOfRanking(field, answer);
  }
}

function faultOfChoice(field: RubricField, answer: unknown): string | null {
  const values = (field.options ?? []).map((option) => option.value);
  if (typeof answer === 'string' && values.includes(answer)) return null;
  return `must be one of ${values.join(', ')}; it is ${nameOf(answer)}`;
}

function faultOfChoices(field: RubricField, answer: unknown): string | null {
  if (!Array.isArray(answer)) return `must be a list; it is ${nameOf(answer)}`;
  if (new Set(answer).size < answer.length) return 'names an option twice';
  return answer.map((choice: unknown) => faultOfChoice(field, choice)).find((fault) => fault !== null) ?? null;
}

/** Complete, or of the `top` best: a ranking with gaps would say less than it seems to. */
function faultOfRanking(field: RubricField, answer: unknown): string | null {
  const fault = faultOfChoices(field, answer);
  if (fault) return fault;
  const wanted = field.top ?? field.options?.length ?? 0;
  const { length } = answer as unknown[];
  if (length === wanted) return null;
  return field.top === undefined
    ? `must rank all ${wanted} options; it ranks ${length}`
    : `must rank the best ${wanted} of the options; it ranks ${length}`;
}

function faultOfNumber({ min, max, step }: RubricField, answer: unknown): string | null {
  if (typeof answer !== 'number' || !Number.isFinite(answer)) return `must be a number; it is ${nameOf(answer)}`;
  if (min !== undefined && answer < min) return `must be at least ${min}; it is ${answer}`;
  if (max !== undefined && answer > max) return `must be at most ${max}; it is ${answer}`;
  if (step === undefined) return null;
  const steps = (answer - (min ?? 0)) / step;
  // 0.1 has no exact binary form: 0.3 / 0.1 is not quite 3.
  const isOnStep = Math.abs(steps - Math.round(steps)) < 1e-9 * Math.max(1, Math.abs(steps));
  return isOnStep ? null : `must be ${min ?? 0} plus a multiple of ${step}; it is ${answer}`;
}

/** One of its points exactly, so that answers to compare are equal. */
function faultOfScale(field: RubricField, answer: unknown): string | null {
  const fault = faultOfNumber({ ...field, step: field.step ?? 1 }, answer);
  if (fault || scalePoints(field).includes(answer as number)) return fault;
  return `must be one of ${scalePoints(field).join(', ')}; it is ${String(answer)}`;
}

function faultOfText(field: RubricField, answer: unknown): string | null {
  if (typeof answer !== 'string') return `must be text; it is ${nameOf(answer)}`;
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = field;
  if (answer.length < minLength) return `has ${answer.length} characters; at least ${minLength} are needed`;
  return answer.length > maxLength ? `has ${answer.length} characters; at most ${maxLength} are allowed` : null;
}
