import { asNumbers, type Coefficient, isConstant, marginals, undefinedBecause } from './coefficient.js';
import type { RatingTable } from './ratings.js';

/** How far apart two answers are: equal or not; by their ranks; by their difference. */
export type Scale = 'NOMINAL' | 'ORDINAL' | 'INTERVAL';

/**
 * Krippendorff's alpha, 1 − D_o / D_e: any number of raters, missing answers, small samples. 1 is perfect agreement, 0
 * what chance gives, below 0 worse than chance.
 *
 * Source: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), sections C to E,
 * https://repository.upenn.edu/asc_papers/43. With n answers in items of m each,
 *
 *     alpha = 1 − (n − 1) · Σ_items [Σ_(i≠j) δ²(i, j) / (m − 1)] / Σ_(c, k) n_c n_k δ²(c, k)
 *
 * Ordinal: δ(c, k) = Σ_(g=c..k) n_g − (n_c + n_k) / 2 is the difference of the mid-ranks of c and k among all answers,
 * so it is the interval metric on mid-ranks. For both, Σ over pairs of (x_i − x_j)² is 2 m Σ (x_i − mean)², which is
 * linear in the number of answers and loses no digits.
 */
export function krippendorffAlpha(scale: Scale): Coefficient {
  return (table, items) => {
    const counts = marginals(table, items);
    const n = counts.reduce((sum, count) => sum + count, 0);
    if (n === 0) return undefinedBecause('NO_PAIRS');
    if (isConstant(counts)) return undefinedBecause('NO_VARIATION');
    let positions: Float64Array | null = null;
    if (scale !== 'NOMINAL') {
      const numbers = asNumbers(table);
      if (!numbers) return undefinedBecause('NOT_NUMERIC');
      positions = scale === 'INTERVAL' ? numbers : midRanks(counts);
    }
    const expected = positions ? spread(counts, positions) : n * n - counts.reduce((sum, c) => sum + c * c, 0);
    return { value: 1 - ((n - 1) * observed(table, items, positions)) / expected };
  };
}

function observed(table: RatingTable, items: ArrayLike<number>, positions: Float64Array | null): number {
  let sum = 0;
  table.patterns.forEach(({ codes, equalPairs }, p) => {
    if (items[p] === 0) return;
    const m = codes.length;
    const apart = positions ? 2 * m * squares(codes, positions) : m * (m - 1) - equalPairs;
    sum += (items[p]! * apart) / (m - 1);
  });
  return sum;
}

/** Σ (x − mean)² over the answers to one item. */
function squares(codes: readonly number[], positions: Float64Array): number {
  let total = 0;
  for (const code of codes) total += positions[code]!;
  const mean = total / codes.length;
  let sum = 0;
  for (const code of codes) sum += (positions[code]! - mean) ** 2;
  return sum;
}

/** Σ over all ordered pairs of answers, of whatever items, of their squared distance. */
function spread(counts: Float64Array, positions: Float64Array): number {
  const n = counts.reduce((sum, count) => sum + count, 0);
  const mean = counts.reduce((sum, count, code) => sum + count * positions[code]!, 0) / n;
  return 2 * n * counts.reduce((sum, count, code) => sum + count * (positions[code]! - mean) ** 2, 0);
}

/** A value that nobody gave has a place too; it weighs nothing. */
function midRanks(counts: Float64Array): Float64Array {
  let below = 0;
  return counts.map((count) => {
    const rank = below + count / 2;
    below += count;
    return rank;
  });
}
