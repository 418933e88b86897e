import { stepsBehind } from './deadline-step.sql.js';
import { laneOf, WIDENED } from './lane.sql.js';

/*
 * What a manager does to many items at once: $1 project, $2 items, $3 the manager as the log names people. Items are
 * locked first and in the order of their ids, as a submit does.
 */

/**
 * Moves items that nobody holds or has reviewed to the queue with the key $4: that all their tickets can be locked proves
 * it, whatever runs at the same moment. They keep rank and deadline, and get the number of reviews of that queue. It may be
 * saved with another at this instant, and its walk have passed: so they are noted to be looked at again (resize.sql.ts).
 */
export const moveSql = `
WITH target AS MATERIALIZED (
  SELECT q.id, q.reviews_required FROM queue q WHERE q.project_id = $1 AND q.key = $4
), chosen AS MATERIALIZED (
  SELECT i.id, i.queue_id, i.rank, i.reviews_required FROM item i
   WHERE i.project_id = $1 AND i.id = ANY ($2::uuid[]) AND i.status = 'OPEN'
     AND i.queue_id <> (SELECT id FROM target)
   ORDER BY i.id FOR NO KEY UPDATE
), free AS MATERIALIZED (
  SELECT t.lane_id, t.rank, t.item_id, t.slot
    FROM chosen c JOIN lane l ON l.project_id = $1 AND l.queue_id = c.queue_id
    JOIN ticket t ON t.project_id = $1 AND t.lane_id = l.id AND t.rank = c.rank AND t.item_id = c.id
   ORDER BY t.item_id, t.slot FOR UPDATE OF t SKIP LOCKED
), whole AS MATERIALIZED (
  SELECT c.* FROM chosen c
   WHERE c.reviews_required = (SELECT count(*) FROM free f WHERE f.item_id = c.id)
), gone AS (
  DELETE FROM ticket t USING free f JOIN whole w ON w.id = f.item_id
   WHERE t.project_id = $1 AND t.lane_id = f.lane_id AND t.rank = f.rank AND t.item_id = f.item_id AND t.slot = f.slot
), moved AS (
  UPDATE item i SET queue_id = target.id, reviews_required = target.reviews_required,
         deadline_steps_done = ${stepsBehind('w.id', 'target.id', 'i.due_at')}
    FROM whole w, target WHERE i.project_id = $1 AND i.id = w.id
), arrived AS (
  INSERT INTO ticket (project_id, lane_id, rank, item_id, slot)
  SELECT $1, ${laneOf({ item: 'w.id', queue: 'target.id', slot: 's.slot' })}, w.rank, w.id, s.slot
    FROM whole w CROSS JOIN target CROSS JOIN generate_series(0, target.reviews_required - 1) AS s (slot)
), noted AS (
  INSERT INTO item_resize (project_id, item_id) SELECT $1, id FROM whole ORDER BY id ON CONFLICT DO NOTHING
), logged AS (
  INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
  SELECT $1, kind, $3, id, place, data FROM (
    SELECT step, kind, w.id, CASE step WHEN 1 THEN w.queue_id ELSE target.id END AS place,
           json_build_object('fromQueueId', w.queue_id, 'toQueueId', target.id) AS data
      FROM whole w, target, (VALUES (1, 'ITEM_MOVED_OUT'), (2, 'ITEM_MOVED_IN')) AS moved (step, kind)
    UNION ALL
    SELECT 3, 'ITEM_REVIEWS_CHANGED', w.id, target.id,
           json_build_object('from', w.reviews_required, 'to', target.reviews_required, 'because', 'QUEUE')
      FROM whole w, target WHERE w.reviews_required <> target.reviews_required) happened
   ORDER BY id, step
)
SELECT id FROM whole`;

/** The queue with the key $2 has a lane for each slot that one of the items $3 gets there; for what was widened there, two. */
export const lanesForSql = `
INSERT INTO lane (project_id, queue_id, skills, tier)
SELECT $1, q.id, CASE WHEN more = 0 THEN q.skills ELSE '{}' END, slot + more
  FROM queue q, unnest(ARRAY[0, ${WIDENED}]) more, generate_series(0, q.reviews_required - 1) slot
 WHERE q.project_id = $1 AND q.key = $2
   AND (more = 0 OR EXISTS (SELECT FROM deadline_step w WHERE w.project_id = $1 AND w.item_id = ANY ($3::uuid[])
                               AND w.queue_id = q.id AND w.action = 'WIDEN'))
ON CONFLICT DO NOTHING`;

/**
 * Gives items another priority ($4), deadline ($5) or both, and so another place; null leaves it. Steps that were taken
 * before the deadline that it has now are not behind it. Three statements in one
 * transaction: the first waits for claims of these tickets that are under way, so the second sees their leases. A live
 * lease goes on, and its slot comes back at the new place. The second waits for leases that are just ending, so the third
 * sees the tickets that they put back at the old place: a ticket is found by the place of its item, and by nothing else.
 */
export const bumpSql = `
WITH chosen AS MATERIALIZED (
  SELECT i.id, i.queue_id, i.rank AS old_rank, coalesce($4::smallint, i.priority) AS priority,
         coalesce($5::timestamptz, i.due_at) AS due_at,
         least((extract(epoch FROM i.created_at) * 1000000)::bigint - coalesce($4::smallint, i.priority) * 14400000000,
               (extract(epoch FROM coalesce($5::timestamptz, i.due_at)) * 1000000)::bigint - 86400000000) AS rank
    FROM item i WHERE i.project_id = $1 AND i.id = ANY ($2::uuid[]) AND i.status = 'OPEN' AND NOT i.is_gold
   ORDER BY i.id FOR NO KEY UPDATE
), changed AS (
  UPDATE item i SET priority = c.priority, due_at = c.due_at, rank = c.rank,
         deadline_steps_done = CASE WHEN $5::timestamptz IS NULL THEN i.deadline_steps_done
                                    ELSE ${stepsBehind('c.id', 'c.queue_id', 'c.due_at')} END
    FROM chosen c WHERE i.project_id = $1 AND i.id = c.id
), gone AS (
  DELETE FROM ticket t USING chosen c, lane l
   WHERE c.rank <> c.old_rank AND l.project_id = $1 AND l.queue_id = c.queue_id
     AND t.project_id = $1 AND t.lane_id = l.id AND t.rank = c.old_rank AND t.item_id = c.id
  RETURNING t.lane_id, c.rank, t.item_id, t.slot
), back AS (
  INSERT INTO ticket (project_id, lane_id, rank, item_id, slot) SELECT $1, lane_id, rank, item_id, slot FROM gone
  ON CONFLICT DO NOTHING
), logged AS (
  INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
  SELECT $1, 'ITEM_BUMPED', $3, id, queue_id, json_build_object('priority', priority, 'dueAt', due_at)
    FROM chosen ORDER BY id
)
SELECT id, old_rank::text AS old_rank FROM chosen`;

export const bumpLeasesSql = `
UPDATE assignment a SET rank = i.rank FROM item i
 WHERE a.project_id = $1 AND a.item_id = ANY ($2::uuid[]) AND i.project_id = $1 AND i.id = a.item_id AND a.rank <> i.rank`;

/** Tickets of the items $2 that are at the place that these had before, $3. */
export const bumpLateTicketsSql = `
WITH late AS MATERIALIZED (
  SELECT i.id, i.queue_id, i.rank, b.old_rank FROM unnest($2::uuid[], $3::bigint[]) AS b (item_id, old_rank)
    JOIN item i ON i.project_id = $1 AND i.id = b.item_id AND i.rank <> b.old_rank
), gone AS (
  DELETE FROM ticket t USING late i, lane l
   WHERE l.project_id = $1 AND l.queue_id = i.queue_id
     AND t.project_id = $1 AND t.lane_id = l.id AND t.rank = i.old_rank AND t.item_id = i.id
  RETURNING t.lane_id, i.rank, t.item_id, t.slot
)
INSERT INTO ticket (project_id, lane_id, rank, item_id, slot) SELECT $1, lane_id, rank, item_id, slot FROM gone
ON CONFLICT DO NOTHING`;
