import type { RatingTable } from './ratings.js';

/** Why a coefficient has no value. */
export type Undefinedness =
  /** No item has two answers. */
  | 'NO_PAIRS'
  /** Everybody always gave one and the same answer: agreement by chance is total, and nothing is left to compare with. */
  | 'NO_VARIATION'
  /** It is defined for exactly two raters. */
  | 'NOT_TWO_RATERS'
  /** It is defined for items with equally many answers each. */
  | 'UNEQUAL_RATINGS'
  /** It is defined for numbers. */
  | 'NOT_NUMERIC';

/** A number or the reason why there is none; never NaN. */
export type Outcome = { readonly value: number } | { readonly value: null; readonly reason: Undefinedness };

/** `items[p]` is how often pattern p occurs: the table's own counts, or those of a resample. */
export type Coefficient = (table: RatingTable, items: ArrayLike<number>) => Outcome;

export function undefinedBecause(reason: Undefinedness): Outcome {
  return { value: null, reason };
}

/** How often each value was given. */
export function marginals(table: RatingTable, items: ArrayLike<number>): Float64Array {
  const counts = new Float64Array(table.values.length);
  table.patterns.forEach(({ codes }, p) => {
    const times = items[p]!;
    if (times > 0) for (const code of codes) counts[code]! += times;
  });
  return counts;
}

/** Everybody always gave one and the same answer. Asked of counts, as a sum of squares near zero may be rounding. */
export function isConstant(counts: Float64Array): boolean {
  return counts.reduce((different, count) => different + (count > 0 ? 1 : 0), 0) < 2;
}

/** The values as numbers; null if they are not all numbers. */
export function asNumbers(table: RatingTable): Float64Array | null {
  return table.values.every((value) => typeof value === 'number') ? Float64Array.from(table.values as number[]) : null;
}
