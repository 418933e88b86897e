import { setImmediate as nextTurn } from 'node:timers/promises';

import type { Coefficient } from './coefficient.js';
import { randomBelow } from './random.js';
import type { RatingTable } from './ratings.js';

/** Where a coefficient would lie for 95 of 100 samples of items like this one. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** From how many resamples; those in which the coefficient is undefined do not count. */
  readonly resamples: number;
}

export const LEVEL = 0.95;
const MOST_RESAMPLES = 1_000;
const FEWEST_RESAMPLES = 200;
const MOST_DRAWS = 2_000_000;
const SEED = 20_110_125;
/** Other requests wait no longer than this for a computation. */
const TURN_MS = 10;

/** 1,000; fewer if there are more than 2,000 items, whose intervals are narrow anyway; 200 from 10,000 items on. */
export function resamplesFor(items: number): number {
  return Math.max(FEWEST_RESAMPLES, Math.min(MOST_RESAMPLES, Math.floor(MOST_DRAWS / Math.max(items, 1))));
}

/**
 * Percentile bootstrap (B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13): items are drawn
 * with replacement, as many as there are, answers together with their item; the interval lies between the 2.5th and the
 * 97.5th percentile of the coefficient over the resamples. The seed is fixed, so the same answers give the same interval.
 *
 * Null for a coefficient if there are fewer than two items, or if it is undefined in more than half of the resamples.
 * Known limits: with few items (fewer than about 20) it is too narrow, and it takes items as independent.
 */
export async function bootstrap(
  table: RatingTable,
  coefficients: readonly Coefficient[],
  resamples = resamplesFor(table.items),
): Promise<(Interval | null)[]> {
  if (table.items < 2) return coefficients.map(() => null);
  const below = randomBelow(SEED);
  const patternOf = new Int32Array(table.items);
  let at = 0;
  table.patterns.forEach(({ items }, p) => patternOf.fill(p, at, (at += items)));
  const found = coefficients.map((): number[] => []);
  const drawn = new Float64Array(table.patterns.length);
  let turn = performance.now();
  for (let i = 0; i < resamples; i += 1) {
    drawn.fill(0);
    for (let item = 0; item < table.items; item += 1) drawn[patternOf[below(table.items)]!]! += 1;
    coefficients.forEach((coefficient, c) => {
      const { value } = coefficient(table, drawn);
      if (value !== null) found[c]!.push(value);
    });
    if (performance.now() - turn > TURN_MS) {
      await nextTurn();
      turn = performance.now();
    }
  }
  return found.map((values) => (values.length * 2 < resamples ? null : intervalOf(values)));
}

function intervalOf(values: number[]): Interval {
  const sorted = Float64Array.from(values).sort();
  const tail = (1 - LEVEL) / 2;
  return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail), resamples: values.length };
}

/** Linear between the two nearest. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const lower = sorted[Math.floor(place)]!;
  return lower + (sorted[Math.ceil(place)]! - lower) * (place - Math.floor(place));
}
