import { bootstrap, type Interval } from './bootstrap.js';
import type { Coefficient, Undefinedness } from './coefficient.js';
import { cohenKappa, fleissKappa, percentAgreement, weightedKappa } from './kappa.js';
import { krippendorffAlpha, type Scale } from './krippendorff.js';
import type { RatingTable } from './ratings.js';

export const METRICS = ['KRIPPENDORFF_ALPHA', 'COHEN_KAPPA', 'WEIGHTED_KAPPA', 'FLEISS_KAPPA', 'PERCENT'] as const;
export type Metric = (typeof METRICS)[number];

export interface Measured {
  readonly metric: Metric;
  readonly value: number | null;
  /** Set exactly when there is no value. */
  readonly reason: Undefinedness | null;
  readonly interval: Interval | null;
}

/** The coefficients that were asked for, with their intervals from one and the same resamples. */
export async function measureAgreement(
  table: RatingTable,
  scale: Scale,
  metrics: readonly Metric[] = METRICS,
): Promise<Measured[]> {
  const counts = table.patterns.map(({ items }) => items);
  const outcomes = metrics.map((metric) => coefficientOf(metric, scale)(table, counts));
  const defined = metrics.filter((_, i) => outcomes[i]!.value !== null);
  const intervals = await bootstrap(
    table,
    defined.map((metric) => coefficientOf(metric, scale)),
  );
  return metrics.map((metric, i) => {
    const outcome = outcomes[i]!;
    if (outcome.value === null) return { metric, value: null, reason: outcome.reason, interval: null };
    return { metric, value: outcome.value, reason: null, interval: intervals[defined.indexOf(metric)] ?? null };
  });
}

function coefficientOf(metric: Metric, scale: Scale): Coefficient {
  switch (metric) {
    case 'KRIPPENDORFF_ALPHA':
      return krippendorffAlpha(scale);
    case 'COHEN_KAPPA':
      return cohenKappa;
    case 'WEIGHTED_KAPPA':
      return weightedKappa;
    case 'FLEISS_KAPPA':
      return fleissKappa;
    case 'PERCENT':
      return percentAgreement;
  }
}
