import type { Queryable } from '../database/database.js';
import { COLUMN_OF, countEvents, COUNTS, noCounts, type QueueCounts } from './queue-count.js';
import { COUNT_TABLES, KEPT_COUNTS, NOT_YET_COUNTED } from './queue-count.sql.js';
import { recountTallies } from './tally.recount.js';

/** A counter that is not what the tables say. */
export interface CountDifference {
  readonly queueId: string;
  readonly counter: string;
  /** What is kept, with the changes that are still on their way into the log. */
  readonly kept: number;
  readonly counted: number;
}

type CountsRow = { queue_id: string } & Record<string, number>;

/**
 * Counts everything of a project again from the tables and compares. Exact under full load if `tx` is one REPEATABLE READ
 * transaction: in one snapshot, what the tables hold is what was counted plus what waits in the outbox.
 */
export async function recount(tx: Queryable, projectId: number): Promise<CountDifference[]> {
  return [...(await recountQueues(tx, projectId)), ...(await recountTallies(tx, projectId))];
}

async function recountQueues(tx: Queryable, projectId: number): Promise<CountDifference[]> {
  const counted = toCounts(await tx.query<CountsRow>(COUNT_TABLES, [projectId]));
  const kept = toCounts(await tx.query<CountsRow>(KEPT_COUNTS, [projectId]));
  const waiting = countEvents(await tx.query<Parameters<typeof countEvents>[0][number]>(NOT_YET_COUNTED, [projectId]));
  const queueIds = new Set([...counted.keys(), ...kept.keys(), ...waiting.keys()]);
  const of = (counts: Map<string, QueueCounts>, queueId: string) => counts.get(queueId) ?? noCounts();
  return [...queueIds].sort().flatMap((queueId) =>
    COUNTS.map((counter) => ({
      queueId,
      counter,
      kept: of(kept, queueId)[counter] + of(waiting, queueId)[counter],
      counted: of(counted, queueId)[counter],
    })).filter((difference) => difference.kept !== difference.counted),
  );
}

function toCounts(rows: readonly CountsRow[]): Map<string, QueueCounts> {
  return new Map(
    rows.map((row) => {
      const counts = noCounts();
      for (const counter of COUNTS) counts[counter] = row[COLUMN_OF[counter]] ?? 0;
      return [row.queue_id, counts];
    }),
  );
}
