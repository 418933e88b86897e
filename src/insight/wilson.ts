/** The 0.975 quantile of the normal distribution. */
const Z = 1.959963984540054;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The 95 % score interval of a share, `right` of `n`, without continuity correction; null of nothing. E. B. Wilson,
 * "Probable inference, the law of succession, and statistical inference", Journal of the American Statistical
 * Association 22 (1927) 209–212. Unlike p ± z·√(p(1 − p)/n) it is sensible for few answers and for shares of 0 and 1.
 */
export function wilsonInterval(right: number, n: number): Interval | null {
  if (n === 0) return null;
  const p = right / n;
  const centre = p + (Z * Z) / (2 * n);
  const reach = Z * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n));
  const whole = 1 + (Z * Z) / n;
  return { low: Math.max(0, (centre - reach) / whole), high: Math.min(1, (centre + reach) / whole) };
}
