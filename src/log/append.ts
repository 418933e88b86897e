import type { Queryable } from '../database/database.js';
import type { NewEvent } from './event.js';

const APPEND = {
  name: 'log-append',
  text: `
    INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
    SELECT e.project_id, e.kind, e.actor, e.item_id, e.queue_id, e.data
      FROM unnest($1::integer[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::json[])
           WITH ORDINALITY AS e (project_id, kind, actor, item_id, queue_id, data, place)
     ORDER BY e.place`,
};

/**
 * Hands changes of state to the log, in the transaction that makes them: both happen or neither.
 *
 * They get their place in the log after the commit, in the order given here. A hot statement inserts into `outbox`
 * itself, in the same CTE. Either way call `LogHint.wake(projectId)` once the commit is through.
 */
export async function append(tx: Queryable, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.query(APPEND, [
    events.map((event) => event.projectId),
    events.map((event) => event.kind),
    events.map((event) => event.actor),
    events.map((event) => event.itemId ?? null),
    events.map((event) => event.queueId ?? null),
    events.map((event) => JSON.stringify(event.data ?? {})),
  ]);
}
