/**
 * Durations on a logarithmic scale: 8 buckets for each doubling, bucket b from 2^(b/8) to 2^((b+1)/8) ms. Counts of
 * buckets add up over days, reviewers and queues, and a percentile of the sum is off by at most 4.5 %.
 */
export const BUCKETS_PER_DOUBLING = 8;

/** In SQL. What took no whole millisecond is in bucket 0. */
export const bucketOfSql = (ms: string): string =>
  `floor(${BUCKETS_PER_DOUBLING} * ln(greatest((${ms})::float8, 1)) / ln(2::float8))::smallint`;

/** How often, by bucket. */
export type Histogram = ReadonlyMap<number, number>;

export function countOf(histogram: Histogram): number {
  return [...histogram.values()].reduce((sum, n) => sum + n, 0);
}

/** In ms, the geometric middle of the bucket that holds it (nearest rank); null of nothing. `share` is above 0. */
export function percentile(histogram: Histogram, share: number): number | null {
  let rank = Math.ceil(share * countOf(histogram));
  if (rank <= 0) return null;
  for (const [bucket, n] of [...histogram].sort(([a], [b]) => a - b)) {
    rank -= n;
    if (rank <= 0) return Math.round(2 ** ((bucket + 0.5) / BUCKETS_PER_DOUBLING));
  }
  return null;
}
