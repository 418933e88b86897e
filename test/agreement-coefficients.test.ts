import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { bootstrap, resamplesFor } from '../src/insight/agreement/bootstrap.js';
import { measureAgreement, type Metric } from '../src/insight/agreement/measure.js';
import { type Rating, tabulate, type Value } from '../src/insight/agreement/ratings.js';
import { krippendorffAlpha, type Scale } from '../src/insight/agreement/krippendorff.js';

/** One line a rater, one place an item; null where the answer is missing. */
function byRater(...lines: readonly (readonly (Value | null)[])[]): Rating[] {
  return lines.flatMap((line, r) =>
    line.flatMap((value, i) => (value === null ? [] : [{ item: `item ${i}`, rater: `rater ${r}`, value }])),
  );
}

async function measure(ratings: readonly Rating[], metric: Metric, scale: Scale = 'NOMINAL') {
  const [measured] = await measureAgreement(tabulate(ratings), scale, [metric]);
  return measured!;
}

const valueOf = async (ratings: readonly Rating[], metric: Metric, scale: Scale = 'NOMINAL') =>
  (await measure(ratings, metric, scale)).value;

describe("Krippendorff's alpha on the examples of Krippendorff (2011)", () => {
  test('A: two observers, two values', async () => {
    const data = byRater([0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]);
    expect(await valueOf(data, 'KRIPPENDORFF_ALPHA')).toBeCloseTo(0.095, 3);
  });

  test('B: two observers, five values', async () => {
    const data = byRater([...'aabbdcccedda'], [...'babbbccceddd']);
    expect(await valueOf(data, 'KRIPPENDORFF_ALPHA')).toBeCloseTo(0.692, 3);
  });

  const FOUR = byRater(
    [1, 2, 3, 3, 2, 1, 4, 1, 2, null, null, null],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, null, 3],
    [null, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, null],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, null],
  );
  test.each([
    ['NOMINAL', 0.743],
    ['ORDINAL', 0.815],
    ['INTERVAL', 0.849],
  ] as const)('C: four observers, twelve items, answers missing: %s %d', async (scale, alpha) => {
    expect(await valueOf(FOUR, 'KRIPPENDORFF_ALPHA', scale)).toBeCloseTo(alpha, 3);
  });

  test('its interval is where the value is, and the same every time', async () => {
    const once = await measure(FOUR, 'KRIPPENDORFF_ALPHA', 'INTERVAL');
    expect(once).toEqual(await measure(FOUR, 'KRIPPENDORFF_ALPHA', 'INTERVAL'));
    expect(once.interval!.low).toBeLessThan(once.value!);
    expect(once.interval!.high).toBeGreaterThan(once.value!);
    expect(once.interval!.resamples).toBe(1_000);
  });
});

test("Fleiss' kappa on the diagnoses of Fleiss (1971): thirty patients, six psychiatrists each", async () => {
  const counts = [
    [0, 0, 0, 6, 0], [0, 3, 0, 0, 3], [0, 1, 4, 0, 1], [0, 0, 0, 0, 6], [0, 3, 0, 3, 0], [2, 0, 4, 0, 0],
    [0, 0, 4, 0, 2], [2, 0, 3, 1, 0], [2, 0, 0, 4, 0], [0, 0, 0, 0, 6], [1, 0, 0, 5, 0], [1, 1, 0, 4, 0],
    [0, 3, 3, 0, 0], [1, 0, 0, 5, 0], [0, 2, 0, 3, 1], [0, 0, 5, 0, 1], [3, 0, 0, 1, 2], [5, 1, 0, 0, 0],
    [0, 2, 0, 4, 0], [1, 0, 2, 0, 3], [0, 0, 0, 0, 6], [0, 1, 0, 5, 0], [0, 2, 0, 1, 3], [2, 0, 0, 4, 0],
    [1, 0, 0, 4, 1], [0, 5, 0, 1, 0], [4, 0, 0, 0, 2], [0, 2, 0, 4, 0], [1, 0, 5, 0, 0], [0, 0, 0, 0, 6],
  ]; // prettier-ignore
  const data = counts.flatMap((line, i) => {
    const answers = line.flatMap((count, category) => Array<number>(count).fill(category));
    return answers.map((value, r) => ({ item: `patient ${i}`, rater: `${i} ${r}`, value }));
  });
  expect(await valueOf(data, 'FLEISS_KAPPA')).toBeCloseTo(0.43, 3);
  expect(await valueOf(data, 'PERCENT')).toBeCloseTo(0.5556, 4);
});

describe('two raters on the diagnoses of Cohen (1960)', () => {
  const table = [
    [88, 14, 18],
    [10, 40, 10],
    [2, 6, 12],
  ];
  let patient = 0;
  const data = table.flatMap((line, a) =>
    line.flatMap((count, b) =>
      Array.from({ length: count }, () => (patient += 1)).flatMap((item) => [
        { item: `${item}`, rater: 'A', value: a },
        { item: `${item}`, rater: 'B', value: b },
      ]),
    ),
  );

  test('kappa is 0.492', async () => {
    expect(await valueOf(data, 'COHEN_KAPPA')).toBeCloseTo(0.29 / 0.59, 10);
  });

  test('with squared weights it is 1 − 0.6 / 1.1, counted by hand', async () => {
    expect(await valueOf(data, 'WEIGHTED_KAPPA')).toBeCloseTo(1 - 0.6 / 1.1, 10);
  });

  test('the interval is that of the large-sample formula of Fleiss, Cohen and Everitt (1969)', async () => {
    const { interval } = await measure(data, 'COHEN_KAPPA');
    // Standard error of kappa for this table: 0.0488.
    expect(interval!.low).toBeGreaterThan(0.492 - 2.3 * 0.0488);
    expect(interval!.low).toBeLessThan(0.492 - 1.6 * 0.0488);
    expect(interval!.high).toBeLessThan(0.492 + 2.3 * 0.0488);
    expect(interval!.high).toBeGreaterThan(0.492 + 1.6 * 0.0488);
  });
});

describe('what is undefined is null with a reason, never NaN', () => {
  const cases: [string, Rating[], Metric, Scale, string][] = [
    ['no ratings', [], 'KRIPPENDORFF_ALPHA', 'NOMINAL', 'NO_PAIRS'],
    ['no ratings', [], 'COHEN_KAPPA', 'NOMINAL', 'NO_PAIRS'],
    ['no ratings', [], 'WEIGHTED_KAPPA', 'NOMINAL', 'NO_PAIRS'],
    ['one rater', byRater([1, 2, 3]), 'PERCENT', 'NOMINAL', 'NO_PAIRS'],
    ['one rater', byRater([1, 2, 3]), 'FLEISS_KAPPA', 'NOMINAL', 'NO_PAIRS'],
    ['one value', byRater([1, 1], [1, 1]), 'KRIPPENDORFF_ALPHA', 'INTERVAL', 'NO_VARIATION'],
    ['one value', byRater([1, 1], [1, 1]), 'KRIPPENDORFF_ALPHA', 'ORDINAL', 'NO_VARIATION'],
    ['one value', byRater([1, 1], [1, 1]), 'KRIPPENDORFF_ALPHA', 'NOMINAL', 'NO_VARIATION'],
    ['one value', byRater([1, 1], [1, 1]), 'COHEN_KAPPA', 'NOMINAL', 'NO_VARIATION'],
    ['one value', byRater([1, 1], [1, 1]), 'WEIGHTED_KAPPA', 'NOMINAL', 'NO_VARIATION'],
    ['one value', byRater([1, 1], [1, 1]), 'FLEISS_KAPPA', 'NOMINAL', 'NO_VARIATION'],
    ['one fraction', byRater([0.1, 0.1, 0.1], [0.1, 0.1, 0.1]), 'KRIPPENDORFF_ALPHA', 'INTERVAL', 'NO_VARIATION'],
    ['one fraction', byRater([0.1, 0.1, 0.1], [0.1, 0.1, 0.1]), 'WEIGHTED_KAPPA', 'INTERVAL', 'NO_VARIATION'],
    ['three raters', byRater([1, 2], [1, 2], [2, 2]), 'COHEN_KAPPA', 'NOMINAL', 'NOT_TWO_RATERS'],
    ['unequal', byRater([1, 2], [1, 2], [2, null]), 'FLEISS_KAPPA', 'NOMINAL', 'UNEQUAL_RATINGS'],
    ['texts', byRater(['a', 'b'], ['a', 'a']), 'KRIPPENDORFF_ALPHA', 'INTERVAL', 'NOT_NUMERIC'],
    ['texts', byRater(['a', 'b'], ['a', 'a']), 'WEIGHTED_KAPPA', 'NOMINAL', 'NOT_NUMERIC'],
  ];
  test.each(cases)('%s: %#', async (_, ratings, metric, scale, reason) => {
    expect(await measure(ratings, metric, scale)).toEqual({ metric, value: null, reason, interval: null });
  });

  test('one item has a value and no interval', async () => {
    expect(await measure(byRater([1], [2]), 'PERCENT')).toMatchObject({ value: 0, interval: null });
  });

  test('a rater who is there twice is a mistake', () => {
    const twice = { item: 'i', rater: 'r', value: 1 };
    expect(() => tabulate([twice, twice])).toThrow('twice');
  });
});

const value = fc.integer({ min: -3, max: 3 });
const sheet = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 10 })).chain(([raters, items]) =>
  fc.array(fc.array(fc.option(value), { minLength: items, maxLength: items }), {
    minLength: raters,
    maxLength: raters,
  }),
);
const scales = fc.constantFrom<Scale>('NOMINAL', 'ORDINAL', 'INTERVAL');

describe('for any ratings', () => {
  test('the order of the ratings changes nothing, intervals included', async () => {
    await fc.assert(
      fc.asyncProperty(sheet, scales, fc.infiniteStream(fc.nat()), async (lines, scale, keys) => {
        const ratings = byRater(...lines);
        const shuffled = ratings.map((r) => [keys.next().value, r] as const).sort(([a], [b]) => a - b);
        const again = tabulate(shuffled.map(([, r]) => r));
        expect(again).toEqual(tabulate(ratings));
        expect(await measureAgreement(again, scale)).toEqual(await measureAgreement(tabulate(ratings), scale));
      }),
      { numRuns: 30 },
    );
  });

  test('other names for values, items and raters change no nominal value', async () => {
    await fc.assert(
      fc.asyncProperty(sheet, fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7 }), async (lines, names) => {
        const ratings = byRater(...lines);
        const renamed = ratings.map(({ item, rater, value }) => ({
          item: `x${item}`,
          rater: [...rater].reverse().join(''),
          value: `label ${names[(value as number) + 3]}`,
        }));
        const nominal: Metric[] = ['KRIPPENDORFF_ALPHA', 'COHEN_KAPPA', 'FLEISS_KAPPA', 'PERCENT'];
        const before = nominal.map((metric) => valueOf(ratings, metric));
        for (const [i, metric] of nominal.entries()) {
          const [a, b] = [await before[i]!, await valueOf(renamed, metric)];
          if (a === null) expect(b).toBeNull();
          else expect(b).toBeCloseTo(a, 10);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('ordinal values need only their order, interval values only their differences', async () => {
    await fc.assert(
      fc.asyncProperty(sheet, async (lines) => {
        const map = (by: (x: number) => number) => byRater(...lines.map((l) => l.map((x) => (x === null ? x : by(x)))));
        const metric = 'KRIPPENDORFF_ALPHA';
        const close = (a: number | null, b: number | null) =>
          a === null ? expect(b).toBeNull() : expect(b).toBeCloseTo(a, 8);
        close(
          await valueOf(
            map((x) => x),
            metric,
            'ORDINAL',
          ),
          await valueOf(
            map((x) => x ** 3 * 7),
            metric,
            'ORDINAL',
          ),
        );
        close(
          await valueOf(
            map((x) => x),
            metric,
            'INTERVAL',
          ),
          await valueOf(
            map((x) => 5 - 2.5 * x),
            metric,
            'INTERVAL',
          ),
        );
      }),
      { numRuns: 50 },
    );
  });

  test('alpha is what the definition gives, pair by pair', async () => {
    await fc.assert(
      fc.asyncProperty(sheet, scales, async (lines, scale) => {
        const expected = alphaByDefinition(lines, scale);
        const found = await valueOf(byRater(...lines), 'KRIPPENDORFF_ALPHA', scale);
        if (expected === null) expect(found).toBeNull();
        else expect(found).toBeCloseTo(expected, 8);
      }),
      { numRuns: 300 },
    );
  });
});

test('of many items fewer resamples are taken, and other work goes on meanwhile', async () => {
  expect([resamplesFor(10), resamplesFor(4_000), resamplesFor(20_000)]).toEqual([1_000, 500, 200]);
  const line = (seed: number) => Array.from({ length: 20_000 }, (_, i) => (i * seed) % 1_009);
  const table = tabulate(byRater(line(7), line(11), line(13)));
  let turns = 0;
  const ticking = setInterval(() => (turns += 1), 1);
  const [interval] = await bootstrap(table, [krippendorffAlpha('ORDINAL')]);
  clearInterval(ticking);
  expect(interval!.resamples).toBe(200);
  expect(turns).toBeGreaterThan(5);
});

/** Straight from the definition: every pair of answers, the ordinal distance as the sum it is defined by. */
function alphaByDefinition(lines: readonly (readonly (number | null)[])[], scale: Scale): number | null {
  const items = (lines[0] ?? []).map((_, i) => lines.map((line) => line[i]!).filter((x) => x !== null));
  const units = items.filter((answers) => answers.length >= 2);
  const all = units.flat();
  const counted = (from: number, to: number) =>
    all.filter((x) => x >= Math.min(from, to) && x <= Math.max(from, to)).length;
  const distance = (a: number, b: number): number => {
    if (scale === 'NOMINAL') return a === b ? 0 : 1;
    if (scale === 'INTERVAL') return (a - b) ** 2;
    return a === b ? 0 : (counted(a, b) - (counted(a, a) + counted(b, b)) / 2) ** 2;
  };
  const pairs = (answers: readonly number[]) =>
    answers.flatMap((a, i) => answers.filter((_, j) => j !== i).map((b) => distance(a, b))).reduce((x, y) => x + y, 0);
  const n = all.length;
  if (n === 0) return null;
  const expected = pairs(all) / (n * (n - 1));
  if (expected === 0) return null;
  const observed = units.reduce((sum, answers) => sum + pairs(answers) / (answers.length - 1), 0) / n;
  return 1 - observed / expected;
}
