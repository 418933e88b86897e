/** An answer as it is compared: labels by equality, numbers by distance too. */
export type Value = string | number;

/** One answer of one rater about one item. What is missing is left out. */
export interface Rating {
  readonly item: string;
  readonly rater: string;
  readonly value: Value;
}

/** A way in which an item was answered, and how many items were answered in that way. */
export interface Pattern {
  /** Places in `values`, at least two. In the order of `raters` if there are two raters at all, otherwise sorted. */
  readonly codes: readonly number[];
  /** Of the ordered pairs of these answers, how many are equal. */
  readonly equalPairs: number;
  readonly items: number;
}

/**
 * What all coefficients are computed from. The same for every order of the ratings, down to the last bit: values,
 * raters and patterns are sorted.
 */
export interface RatingTable {
  /** The different answers, ascending. */
  readonly values: readonly Value[];
  readonly raters: readonly string[];
  readonly patterns: readonly Pattern[];
  /** Items with at least two answers; the others say nothing of agreement and are left out. */
  readonly items: number;
  readonly ratings: number;
}

export function tabulate(ratings: readonly Rating[]): RatingTable {
  const pairable = [...byItem(ratings).values()].filter((answers) => answers.size >= 2);
  const raters = [...new Set(pairable.flatMap((answers) => [...answers.keys()]))].sort(ascending);
  const values = [...new Set(pairable.flatMap((answers) => [...answers.values()]))].sort(ascending);
  const codeOf = new Map(values.map((value, code) => [value, code]));
  const patterns = new Map<string, Pattern & { items: number }>();
  for (const answers of pairable) {
    const codes =
      raters.length === 2
        ? raters.map((rater) => codeOf.get(answers.get(rater)!)!)
        : [...answers.values()].map((value) => codeOf.get(value)!).sort((a, b) => a - b);
    const key = codes.join(' ');
    const known = patterns.get(key);
    if (known) known.items += 1;
    else patterns.set(key, { codes, equalPairs: equalPairs(codes), items: 1 });
  }
  return {
    values,
    raters,
    patterns: [...patterns].sort(([a], [b]) => ascending(a, b)).map(([, pattern]) => pattern),
    items: pairable.length,
    ratings: pairable.reduce((sum, answers) => sum + answers.size, 0),
  };
}

function byItem(ratings: readonly Rating[]): Map<string, Map<string, Value>> {
  const items = new Map<string, Map<string, Value>>();
  for (const { item, rater, value } of ratings) {
    let answers = items.get(item);
    if (!answers) items.set(item, (answers = new Map()));
    if (answers.has(rater)) throw new Error(`${rater} rated ${item} twice`);
    answers.set(rater, value);
  }
  return items;
}

function equalPairs(codes: readonly number[]): number {
  return codes.reduce((sum, a, i) => sum + codes.filter((b, j) => i !== j && a === b).length, 0);
}

/** Numbers before texts, numbers by size, texts by their code units: no locale has a say. */
function ascending(a: Value, b: Value): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
