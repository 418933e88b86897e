import { type Given, type Labels, type RubricField, shownFields } from './field.js';
import { listOf, rankedLength } from './options.js';

/** What keeps labels from answering the rubric, and in which field. */
export interface Problem {
  message: string;
  /** A rubric field's name, or `correction`. */
  at?: string;
}

/** The first thing that is missing or wrong among the questions that are asked. */
export function problemIn(fields: RubricField[], given: Given): Problem | null {
  const shown = shownFields(fields, given);
  const missing = shown.find((field) => field.required && !(field.name in given.labels));
  if (missing) return { message: `Answer “${missing.label}” first.`, at: missing.name };
  for (const field of shown) {
    const message = field.name in given.labels ? faultOf(field, given.labels[field.name]) : null;
    if (message) return { message: `“${field.label}” ${message}`, at: field.name };
  }
  return null;
}

/** The labels as they are sent: what is not asked any more stays behind. */
export function askedLabels(fields: RubricField[], given: Given): Labels {
  const names = new Set(shownFields(fields, given).map((field) => field.name));
  return Object.fromEntries(Object.entries(given.labels).filter(([name]) => names.has(name)));
}

function faultOf(field: RubricField, value: unknown): string | null {
  switch (field.type) {
    case 'RANKING': {
      const wanted = rankedLength(field);
      return listOf(value).length === wanted ? null : `needs ${wanted} in order.`;
    }
    case 'SPANS': {
      const { minSpans = 0 } = field;
      return listOf(value).length >= minSpans ? null : `needs at least ${minSpans} marked.`;
    }
    case 'TEXT': {
      const { minLength = 0 } = field;
      return String(value).length >= minLength ? null : `needs at least ${minLength} characters.`;
    }
    case 'NUMBER':
      return faultOfNumber(field, Number(value));
    default:
      return null;
  }
}

function faultOfNumber({ min, max, step }: RubricField, value: number): string | null {
  if (min !== undefined && value < min) return `must be at least ${min}.`;
  if (max !== undefined && value > max) return `must be at most ${max}.`;
  if (step === undefined) return null;
  const steps = (value - (min ?? 0)) / step;
  const isOnStep = Math.abs(steps - Math.round(steps)) < 1e-9 * Math.max(1, Math.abs(steps));
  return isOnStep ? null : `goes in steps of ${step}.`;
}
