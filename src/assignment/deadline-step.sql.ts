import { laneOf, WIDENED } from './lane.sql.js';

/**
 * What happens to overdue items, step by step, as their queue says: $1 project, $2 at most so many items.
 *
 * A queue's step has come for all that was due at or before one instant, which is counted back from now in opening time
 * once for each queue (open_before), so items are found by an index and the chain may be changed at any time. An item
 * that comes back to a queue goes on where it was there, so queues that hand to each other do not play ball, and what a
 * manager fetched back stays; skills that were dropped for it there stay so (lane.sql.ts). A later deadline is another:
 * what was done before it does not count, and the steps begin anew. Copies of known answers, which nothing is to count, take none. Items are locked first, FOR NO KEY UPDATE, SKIP LOCKED: claims
 * do not wait, and several processes may run it at once. The count on the locked item is what makes a step happen once.
 *
 * RAISE and WIDEN are two statements in one transaction, as a manager's bump is: the first waits for claims of these
 * tickets that are under way, so the second sees their leases. A live lease goes on, and its slot comes back at the new
 * place.
 */

const threshold = (after: string): string => `CASE WHEN q.hours IS NULL THEN now() - make_interval(secs => ${after})
       ELSE open_before(q.hours, now(), ${after}) END`;

/** How many steps of a queue are behind an item: those that it took there since its deadline. */
export const stepsBehind = (item: string, queue: string, dueAt: string): string => `(
  SELECT count(*) FROM deadline_step behind
   WHERE behind.project_id = $1 AND behind.item_id = ${item} AND behind.queue_id = ${queue}
     AND behind.taken_at >= ${dueAt})`;

/** Overdue items whose next step is `action`, locked; `columns` of the item, `said` of the step. */
const due = (action: string, said = '', more = ''): string => `
rule AS MATERIALIZED (
  SELECT q.id AS queue_id, place - 1 AS step, said, ${threshold(`(said->>'afterSeconds')::integer`)} AS threshold
    FROM queue q CROSS JOIN LATERAL jsonb_array_elements(q.deadline_steps) WITH ORDINALITY AS s (said, place)
   WHERE q.project_id = $1 AND q.deadline_steps <> '[]' AND said->>'action' = '${action}'
), due AS MATERIALIZED (
  SELECT late.*, rule.step${said} FROM rule CROSS JOIN LATERAL (
    SELECT i.id, i.queue_id, i.rank, i.priority, i.due_at, i.reviews_required, i.reviews_done FROM item i
     WHERE i.project_id = $1 AND i.queue_id = rule.queue_id AND i.status = 'OPEN'
       AND i.deadline_steps_done = rule.step AND i.due_at <= rule.threshold AND NOT i.is_gold${more}
     ORDER BY i.due_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED) late
)`;

/** The record of the step and its event; `steps` has id, queue_id, step, due_at, is_effective and `facts`. */
const recorded = (action: string, steps: string): string => `
recorded AS (
  INSERT INTO deadline_step (project_id, item_id, queue_id, step, action, is_effective)
  SELECT $1, id, queue_id, step, '${action}', is_effective FROM ${steps} ORDER BY id
  ON CONFLICT (project_id, item_id, queue_id, step) DO UPDATE
     SET action = excluded.action, is_effective = excluded.is_effective, taken_at = excluded.taken_at
)`;
const facts = (action: string): string =>
  `jsonb_build_object('step', step + 1, 'action', '${action}', 'dueAt', due_at, 'isEffective', is_effective) || facts`;
const logged = (action: string, steps: string): string => `
logged AS (
  INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
  SELECT $1, 'DEADLINE_STEP', 'system', id, queue_id, ${facts(action)} FROM ${steps} ORDER BY id
)`;

/** A higher priority, and a place further ahead by four hours for each step of it, whatever decided the place before. */
export const raiseSql = `
WITH ${due('RAISE', `, greatest(late.priority, (rule.said->>'priority')::smallint) AS new_priority`)},
raised AS MATERIALIZED (
  SELECT d.*, rank - (new_priority - priority) * 14400000000 AS new_rank, new_priority > priority AS is_effective,
         jsonb_build_object('priority', new_priority) AS facts
    FROM due d
), changed AS (
  UPDATE item i SET priority = r.new_priority, rank = r.new_rank, deadline_steps_done = r.step + 1
    FROM raised r WHERE i.project_id = $1 AND i.id = r.id
), gone AS (
  DELETE FROM ticket t USING raised r, lane l
   WHERE r.is_effective AND l.project_id = $1 AND l.queue_id = r.queue_id
     AND t.project_id = $1 AND t.lane_id = l.id AND t.rank = r.rank AND t.item_id = r.id
  RETURNING t.lane_id, r.new_rank, t.item_id, t.slot
), back AS (
  INSERT INTO ticket (project_id, lane_id, rank, item_id, slot) SELECT $1, lane_id, new_rank, item_id, slot FROM gone
  ON CONFLICT DO NOTHING
), ${recorded('RAISE', 'raised')}, ${logged('RAISE', 'raised')}
SELECT id, rank::text AS old_rank FROM raised`;

/** Leases of the items $2 go back to the items' new place. */
export const raisedLeasesSql = `
UPDATE assignment a SET rank = i.rank FROM item i
 WHERE a.project_id = $1 AND a.item_id = ANY ($2::uuid[]) AND i.project_id = $1 AND i.id = a.item_id AND a.rank <> i.rank`;

/** Lanes that need no skills, one for each slot's, in queues that may come to need them. */
export const widenedLanesSql = `
INSERT INTO lane (project_id, queue_id, skills, tier)
SELECT $1, q.id, '{}', l.tier + ${WIDENED}
  FROM queue q JOIN lane l ON l.project_id = $1 AND l.queue_id = q.id AND l.tier < ${WIDENED}
 WHERE q.project_id = $1 AND q.deadline_steps @> '[{"action": "WIDEN"}]'
   AND NOT EXISTS (SELECT FROM lane w WHERE w.project_id = $1 AND w.queue_id = q.id AND w.tier = l.tier + ${WIDENED})
ON CONFLICT DO NOTHING`;

/** The tickets move to those lanes. Queue membership and who may not review the item stay as they are. */
export const widenSql = `
WITH ${due('WIDEN')},
widened AS MATERIALIZED (
  SELECT d.*, true AS is_effective, '{}'::jsonb AS facts FROM due d
), changed AS (
  UPDATE item i SET deadline_steps_done = w.step + 1 FROM widened w WHERE i.project_id = $1 AND i.id = w.id
), gone AS (
  DELETE FROM ticket t USING widened w, lane l
   WHERE l.project_id = $1 AND l.queue_id = w.queue_id AND l.tier < ${WIDENED}
     AND t.project_id = $1 AND t.lane_id = l.id AND t.rank = w.rank AND t.item_id = w.id
  RETURNING w.queue_id, l.tier, t.rank, t.item_id, t.slot
), back AS (
  INSERT INTO ticket (project_id, lane_id, rank, item_id, slot)
  SELECT $1, l.id, g.rank, g.item_id, g.slot
    FROM gone g LEFT JOIN lane l ON l.project_id = $1 AND l.queue_id = g.queue_id AND l.tier = g.tier + ${WIDENED}
  ON CONFLICT DO NOTHING
), ${recorded('WIDEN', 'widened')}, ${logged('WIDEN', 'widened')}
SELECT id FROM widened`;

/** Leases of the items $2 go back to those lanes. */
export const widenedLeasesSql = `
UPDATE assignment a SET lane_id = wide.id FROM lane l, lane wide
 WHERE a.project_id = $1 AND a.item_id = ANY ($2::uuid[])
   AND l.project_id = $1 AND l.id = a.lane_id AND l.tier < ${WIDENED}
   AND wide.project_id = $1 AND wide.queue_id = l.queue_id AND wide.tier = l.tier + ${WIDENED}`;

/**
 * To another queue, in one statement. An item that somebody holds waits until they are through. One with reviews stays,
 * for they answer this queue's rubric: the step counts as taken and did nothing. That all tickets of the others could be
 * locked proves that nobody holds or has reviewed them, whatever runs at the same moment. As in a move, they get the number
 * of reviews of that queue, and are noted.
 */
export const handOverSql = `
WITH ${due(
  'HAND_OVER',
  `, rule.said->>'queue' AS target`,
  `
       AND (i.reviews_done > 0
            OR NOT EXISTS (SELECT FROM assignment a WHERE a.project_id = $1 AND a.item_id = i.id))`,
)},
free AS MATERIALIZED (
  SELECT t.lane_id, t.rank, t.item_id, t.slot
    FROM due d JOIN lane l ON l.project_id = $1 AND l.queue_id = d.queue_id
    JOIN ticket t ON t.project_id = $1 AND t.lane_id = l.id AND t.rank = d.rank AND t.item_id = d.id
   WHERE d.reviews_done = 0
   ORDER BY t.item_id, t.slot FOR UPDATE OF t SKIP LOCKED
), settled AS MATERIALIZED (
  SELECT d.*, q.id AS target_id, q.reviews_required AS target_reviews, d.reviews_done = 0 AS is_effective,
         jsonb_build_object('toQueueId', q.id) AS facts
    FROM due d JOIN queue q ON q.project_id = $1 AND q.key = d.target
   WHERE d.reviews_done > 0 OR d.reviews_required = (SELECT count(*) FROM free f WHERE f.item_id = d.id)
), changed AS (
  UPDATE item i SET queue_id = CASE WHEN s.is_effective THEN s.target_id ELSE i.queue_id END,
         reviews_required = CASE WHEN s.is_effective THEN s.target_reviews ELSE i.reviews_required END,
         deadline_steps_done = CASE WHEN s.is_effective
           THEN ${stepsBehind('i.id', 's.target_id', 'i.due_at')}
           ELSE s.step + 1 END
    FROM settled s WHERE i.project_id = $1 AND i.id = s.id
), gone AS (
  DELETE FROM ticket t USING free f JOIN settled s ON s.id = f.item_id
   WHERE t.project_id = $1 AND t.lane_id = f.lane_id AND t.rank = f.rank AND t.item_id = f.item_id AND t.slot = f.slot
), arrived AS (
  INSERT INTO ticket (project_id, lane_id, rank, item_id, slot)
  SELECT $1, ${laneOf({ item: 's.id', queue: 's.target_id', slot: 'n.slot' })}, s.rank, s.id, n.slot
    FROM settled s CROSS JOIN generate_series(0, s.target_reviews - 1) AS n (slot) WHERE s.is_effective
), noted AS (
  INSERT INTO item_resize (project_id, item_id) SELECT $1, id FROM settled WHERE is_effective ORDER BY id
  ON CONFLICT DO NOTHING
), ${recorded('HAND_OVER', 'settled')}, logged AS (
  INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
  SELECT $1, kind, 'system', id, place, data FROM (
    SELECT 1 AS part, 'DEADLINE_STEP' AS kind, id, queue_id AS place, ${facts('HAND_OVER')} AS data FROM settled
    UNION ALL
    SELECT part, kind, id, CASE part WHEN 2 THEN queue_id ELSE target_id END,
           jsonb_build_object('fromQueueId', queue_id, 'toQueueId', target_id)
      FROM settled CROSS JOIN (VALUES (2, 'ITEM_MOVED_OUT'), (3, 'ITEM_MOVED_IN')) moved (part, kind)
     WHERE is_effective
    UNION ALL
    SELECT 4, 'ITEM_REVIEWS_CHANGED', id, target_id,
           jsonb_build_object('from', reviews_required, 'to', target_reviews, 'because', 'QUEUE')
      FROM settled WHERE is_effective AND reviews_required <> target_reviews) happened
   ORDER BY id, part
)
SELECT id FROM settled`;

/** The steps that the items $2 have taken, oldest first. */
export const stepsTakenSql = `
SELECT s.item_id, s.queue_id, s.step, s.action, s.is_effective, s.taken_at FROM deadline_step s
 WHERE s.project_id = $1 AND s.item_id = ANY ($2::uuid[]) ORDER BY s.taken_at, s.step`;
