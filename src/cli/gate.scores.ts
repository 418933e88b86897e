import { type Fields, fieldsOf, type Outcome } from './gate.result.js';

/** Words that suites write instead of numbers; C, P, I and N are Inspect's correct, partial, incorrect and no answer. */
const WORDS: Readonly<Record<string, number>> = { C: 1, P: 0.5, I: 0, N: 0, yes: 1, true: 1, no: 0, false: 0 };

/** What named scores mean together: every one must reach the bar; without any, nothing was checked. */
export function judge(scores: Fields, passScore: number): { readonly outcome: Outcome; readonly why: string | null } {
  const all = Object.entries(scores).flatMap(([name, value]) => leaves(name, value));
  if (all.length === 0) return { outcome: 'UNCHECKED', why: null };
  const missed = all.filter(({ score }) => !(score >= passScore));
  if (missed.length === 0) return { outcome: 'PASSED', why: null };
  return { outcome: 'FAILED', why: missed.map(({ name, shown }) => `${name} is ${shown}`).join(', ') };
}

interface Leaf {
  readonly name: string;
  /** NaN for what is no score: it reaches no bar. */
  readonly score: number;
  readonly shown: string;
}

/** A score may be a list or an object of scores; null is a scorer that did not score. */
function leaves(name: string, value: unknown): Leaf[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((inner, i) => leaves(`${name}[${i}]`, inner));
  if (typeof value === 'object') {
    return Object.entries(fieldsOf(value)).flatMap(([key, inner]) => leaves(`${name}.${key}`, inner));
  }
  return [{ name, score: numberOf(value), shown: String(value) }];
}

function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const text = String(value);
  const word = WORDS[text] ?? WORDS[text.toLowerCase()];
  return word ?? (text.trim() === '' ? Number.NaN : Number(text));
}
