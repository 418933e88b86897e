import { countOf, type Histogram } from './histogram.js';

/** Sums of one subject or one day, by measure and bucket. */
export class Sums {
  private readonly measures = new Map<string, Map<number, number>>();

  add({ measure, bucket, n }: { measure: string; bucket: number; n: number }): void {
    let histogram = this.measures.get(measure);
    if (!histogram) this.measures.set(measure, (histogram = new Map<number, number>()));
    histogram.set(bucket, (histogram.get(bucket) ?? 0) + n);
  }

  histogram(measure: string, another?: string): Histogram {
    const histogram = new Map(this.measures.get(measure));
    for (const [bucket, n] of (another && this.measures.get(another)) || []) {
      histogram.set(bucket, (histogram.get(bucket) ?? 0) + n);
    }
    return histogram;
  }

  count(measure: string): number {
    return countOf(this.histogram(measure));
  }
}

export interface Counted {
  readonly measure: string;
  readonly bucket: number;
  readonly n: number;
}

export function groupSums<Row extends Counted>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Sums> {
  const groups = new Map<string, Sums>();
  for (const row of rows) {
    const key = keyOf(row);
    let sums = groups.get(key);
    if (!sums) groups.set(key, (sums = new Sums()));
    sums.add(row);
  }
  return groups;
}
