import type { Queryable } from '../database/database.js';
import { COUNT_AGAIN, FROM_THE_LOG, KEPT_TALLIES, NOT_YET_TALLIED, TELL_TALLIES, WHOLE_SINCE } from './tally.sql.js';
import { tallyEvents } from './tally.js';

interface TallyRow {
  [column: string]: unknown;
  queue_id: string;
  measure: string;
  day: string;
  subject: string;
  bucket: number;
  n: number;
}

/** A sum by day that is not what tables and log say. */
export interface TallyDifference {
  readonly queueId: string;
  /** Measure, day, and whom and which bucket it is about. */
  readonly counter: string;
  readonly kept: number;
  readonly counted: number;
}

/** Behind the last event of any log. */
const END = '9223372036854775807';

/**
 * Counts `tally` of a project again and compares, in one snapshot as recount.ts does. What only the log remembers is
 * compared for the days of which the log still holds every event.
 */
export async function recountTallies(tx: Queryable, projectId: number): Promise<TallyDifference[]> {
  const [held] = await tx.query<{ since: string | null }>(WHOLE_SINCE, [projectId]);
  const waiting = await tx.query<Parameters<typeof tallyEvents>[0][number]>(NOT_YET_TALLIED, [projectId]);
  const kept = await tx.query<TallyRow>(KEPT_TALLIES, [projectId]);
  const told = await tx.query<TallyRow>(TELL_TALLIES, [projectId, JSON.stringify(tallyEvents(waiting)), END]);
  const counted = await tx.query<TallyRow>(COUNT_AGAIN, [projectId]);
  const since = held?.since ?? null;
  const isKnown = ({ measure, day }: TallyRow): boolean =>
    since === null || !FROM_THE_LOG.has(measure) || (since !== 'infinity' && day >= since);
  const [have, should] = [sums([...kept, ...told].filter(isKnown)), sums(counted.filter(isKnown))];
  return [...new Set([...have.keys(), ...should.keys()])].sort().flatMap((key) => {
    const [queueId, counter] = JSON.parse(key) as [string, string];
    const difference = { queueId, counter, kept: have.get(key) ?? 0, counted: should.get(key) ?? 0 };
    return difference.kept === difference.counted ? [] : difference;
  });
}

function sums(rows: readonly TallyRow[]): Map<string, number> {
  const sum = new Map<string, number>();
  for (const { queue_id, measure, day, subject, bucket, n } of rows) {
    const counter = `${measure} on ${day}${subject && ` of ${subject}`}${bucket ? ` in bucket ${bucket}` : ''}`;
    const key = JSON.stringify([queue_id, counter]);
    sum.set(key, (sum.get(key) ?? 0) + n);
  }
  return sum;
}
