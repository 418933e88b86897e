import { Refusal } from '../errors.js';
import type { RubricField } from './rubric.js';
import { nameOf } from './shape.js';

/** One label that does not answer its field. */
export interface LabelFault {
  readonly field: string;
  readonly message: string;
}

/**
 * Refuses labels that do not answer the rubric with RUBRIC_VIOLATION; `details.faults` lists every fault by field.
 * `false`, `0`, `""` and `[]` are answers; null and absent are none.
 */
export function checkLabels(fields: readonly RubricField[], labels: unknown): void {
  const faults = labelFaults(fields, labels);
  if (faults.length === 0) return;
  throw new Refusal('RUBRIC_VIOLATION', faults.map(({ field, message }) => `${field}: ${message}`).join('\n'), {
    faults,
  });
}

export function labelFaults(fields: readonly RubricField[], labels: unknown): LabelFault[] {
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
  for (const field of fields) {
    const answer = answers.get(field.name) ?? null;
    const message = answer === null ? (field.required ? 'is required' : null) : faultOf(field, answer);
    if (message) faults.push({ field: field.name, message });
  }
  return faults;
}

function faultOf(field: RubricField, answer: unknown): string | null {
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
      return faultOfNumber({ ...field, step: 1 }, answer);
    case 'TEXT':
      return faultOfText(field, answer);
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

function faultOfText(field: RubricField, answer: unknown): string | null {
  if (typeof answer !== 'string') return `must be text; it is ${nameOf(answer)}`;
  const most = field.maxLength ?? Number.POSITIVE_INFINITY;
  return answer.length > most ? `has ${answer.length} characters; at most ${most} are allowed` : null;
}
