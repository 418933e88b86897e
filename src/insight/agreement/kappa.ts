import { asNumbers, type Coefficient, isConstant, marginals, undefinedBecause } from './coefficient.js';
import type { RatingTable } from './ratings.js';

/**
 * The share of pairs of raters who gave the same answer, as the mean over items: P̄ of Fleiss (1971), here for items with
 * different numbers of answers as well. 0 to 1; agreement by chance is not taken off.
 */
export const percentAgreement: Coefficient = (table, items) => {
  const total = countItems(table, items);
  return total === 0 ? undefinedBecause('NO_PAIRS') : { value: meanAgreement(table, items) / total };
};

/**
 * Fleiss' kappa, (P̄ − P_e) / (1 − P_e) with P_e = Σ p_j² over the shares p_j of all answers: many raters, not
 * necessarily the same for each item, but equally many for each.
 *
 * Source: J. L. Fleiss, Measuring nominal scale agreement among many raters, Psychological Bulletin 76 (1971), 378–382.
 */
export const fleissKappa: Coefficient = (table, items) => {
  const total = countItems(table, items);
  if (total === 0) return undefinedBecause('NO_PAIRS');
  const raters = table.patterns.find((_, p) => items[p]! > 0)!.codes.length;
  if (table.patterns.some(({ codes }, p) => items[p]! > 0 && codes.length !== raters)) {
    return undefinedBecause('UNEQUAL_RATINGS');
  }
  const counts = marginals(table, items);
  if (isConstant(counts)) return undefinedBecause('NO_VARIATION');
  const n = counts.reduce((sum, count) => sum + count, 0);
  const expected = counts.reduce((sum, count) => sum + (count / n) ** 2, 0);
  return { value: (meanAgreement(table, items) / total - expected) / (1 - expected) };
};

/**
 * Cohen's kappa of two raters over the items that both answered, (p_o − p_e) / (1 − p_e).
 *
 * Source: J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20 (1960),
 * 37–46.
 */
export const cohenKappa: Coefficient = (table, items) =>
  kappaOfTwo(table, items, (pairs, first, second) => {
    let equal = 0;
    for (const [a, b, weight] of pairs) if (a === b) equal += weight;
    const n = first.reduce((sum, count) => sum + count, 0);
    const chance = first.reduce((sum, count, code) => sum + count * second[code]!, 0);
    return { observed: (n - equal) / n, expected: (n * n - chance) / (n * n) };
  });

/**
 * Weighted kappa of two raters, 1 − Σ w p_o / Σ w p_e, where w is the square of the difference of the two numbers.
 *
 * Sources: J. Cohen, Weighted kappa, Psychological Bulletin 70 (1968), 213–220; for squared weights J. L. Fleiss and
 * J. Cohen, Educational and Psychological Measurement 33 (1973), 613–619. With squares the expected sum needs only means
 * and variances: E (X − Y)² = Var X + Var Y + (E X − E Y)² for independent X and Y.
 */
export const weightedKappa: Coefficient = (table, items) => {
  const numbers = asNumbers(table);
  if (!numbers) return undefinedBecause(table.items === 0 ? 'NO_PAIRS' : 'NOT_NUMERIC');
  return kappaOfTwo(table, items, (pairs, first, second) => {
    let apart = 0;
    for (const [a, b, weight] of pairs) apart += weight * (numbers[a]! - numbers[b]!) ** 2;
    const [x, y] = [momentsOf(first, numbers), momentsOf(second, numbers)];
    const n = first.reduce((sum, count) => sum + count, 0);
    return { observed: apart / n, expected: x.variance + y.variance + (x.mean - y.mean) ** 2 };
  });
};

type Pair = readonly [first: number, second: number, items: number];
type Disagreement = (
  pairs: readonly Pair[],
  first: Float64Array,
  second: Float64Array,
) => { observed: number; expected: number };

function kappaOfTwo(table: RatingTable, items: ArrayLike<number>, disagreement: Disagreement) {
  if (table.items === 0) return undefinedBecause('NO_PAIRS');
  if (table.raters.length !== 2) return undefinedBecause('NOT_TWO_RATERS');
  const pairs = table.patterns.map(({ codes }, p): Pair => [codes[0]!, codes[1]!, items[p]!]);
  const first = new Float64Array(table.values.length);
  const second = new Float64Array(table.values.length);
  for (const [a, b, weight] of pairs) {
    first[a]! += weight;
    second[b]! += weight;
  }
  if (isConstant(first.map((count, code) => count + second[code]!))) return undefinedBecause('NO_VARIATION');
  const { observed, expected } = disagreement(pairs, first, second);
  return { value: 1 - observed / expected };
}

function momentsOf(counts: Float64Array, numbers: Float64Array): { mean: number; variance: number } {
  const n = counts.reduce((sum, count) => sum + count, 0);
  const mean = counts.reduce((sum, count, code) => sum + count * numbers[code]!, 0) / n;
  return { mean, variance: counts.reduce((sum, count, code) => sum + count * (numbers[code]! - mean) ** 2, 0) / n };
}

function countItems(table: RatingTable, items: ArrayLike<number>): number {
  return table.patterns.reduce((sum, _, p) => sum + items[p]!, 0);
}

function meanAgreement(table: RatingTable, items: ArrayLike<number>): number {
  return table.patterns.reduce(
    (sum, { codes, equalPairs }, p) => sum + (items[p]! * equalPairs) / (codes.length * (codes.length - 1)),
    0,
  );
}
