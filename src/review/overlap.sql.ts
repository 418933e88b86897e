import { laneOf } from '../assignment/lane.sql.js';

/**
 * Slots that come and go while an item is open. $1 project.
 *
 * The caller has locked the items, as a submit does, so reviews, priority and number of slots stand still. Claims and
 * releases do not lock items: they turn a ticket into an assignment and back. So a slot is closed only together with a
 * ticket that could be locked, and always reviews + assignments + tickets = reviews_required.
 *
 * A new slot takes the smallest number that no review, assignment or ticket of the item has; what another transaction is
 * just moving is seen where it was. Its ticket stands at the item's rank: whoever waited longest goes first.
 */

/** The tickets of the item `i`, by the whole key: they stand in the lanes of its queue at its rank. */
const ticketsOf = `ticket t JOIN lane l ON l.project_id = $1 AND l.id = t.lane_id
    WHERE l.queue_id = i.queue_id AND t.project_id = $1 AND t.rank = i.rank AND t.item_id = i.id`;

/** $2 items, $3 how many slots more for each, $4 why: AGREEMENT or QUEUE. */
export const openSlotsSql = `
WITH wanted AS MATERIALIZED (
  SELECT * FROM unnest($2::uuid[], $3::integer[]) AS w (item_id, more)
), grown AS (
  UPDATE item i SET reviews_required = i.reviews_required + w.more
    FROM wanted w WHERE i.project_id = $1 AND i.id = w.item_id AND i.status = 'OPEN'
  RETURNING i.id, i.queue_id, i.rank, i.reviews_required, w.more
), opened AS (
  INSERT INTO ticket (project_id, lane_id, rank, item_id, slot)
  SELECT $1, ${laneOf({ item: 'i.id', queue: 'i.queue_id', slot: 'free.slot' })},
         i.rank, i.id, free.slot
    FROM grown i CROSS JOIN LATERAL (
      SELECT s.slot FROM generate_series(0, 8) AS s (slot)
       WHERE s.slot NOT IN (SELECT r.slot FROM review r WHERE r.project_id = $1 AND r.item_id = i.id)
         AND s.slot NOT IN (SELECT a.slot FROM assignment a WHERE a.project_id = $1 AND a.item_id = i.id)
         AND s.slot NOT IN (SELECT t.slot FROM ${ticketsOf})
       ORDER BY s.slot LIMIT i.more) free
)
INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
SELECT $1, 'ITEM_REVIEWS_CHANGED', 'system', id, queue_id,
       json_build_object('from', reviews_required - more, 'to', reviews_required, 'because', $4::text)
  FROM grown ORDER BY id`;

/** $2 items, $3 how many slots fewer for each. Returns how many were closed: fewer, where somebody holds them. */
export const closeSlotsSql = `
WITH wanted AS MATERIALIZED (
  SELECT i.id, i.queue_id, i.rank, w.fewer
    FROM unnest($2::uuid[], $3::integer[]) AS w (item_id, fewer)
    JOIN item i ON i.project_id = $1 AND i.id = w.item_id AND i.status = 'OPEN'
), free AS MATERIALIZED (
  SELECT t.* FROM wanted i CROSS JOIN LATERAL (
    SELECT t.lane_id, t.rank, t.item_id, t.slot FROM ${ticketsOf}
     ORDER BY t.slot DESC LIMIT i.fewer FOR UPDATE OF t SKIP LOCKED) t
), closed AS (
  DELETE FROM ticket t USING free f
   WHERE t.project_id = $1 AND t.lane_id = f.lane_id AND t.rank = f.rank AND t.item_id = f.item_id AND t.slot = f.slot
  RETURNING t.item_id
), counted AS (
  SELECT item_id, count(*)::integer AS fewer FROM closed GROUP BY item_id
), shrunk AS (
  UPDATE item i SET reviews_required = i.reviews_required - c.fewer
    FROM counted c WHERE i.project_id = $1 AND i.id = c.item_id
  RETURNING i.id, i.queue_id, i.reviews_required, c.fewer
), logged AS (
  INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
  SELECT $1, 'ITEM_REVIEWS_CHANGED', 'system', id, queue_id,
         json_build_object('from', reviews_required + fewer, 'to', reviews_required, 'because', 'QUEUE')
    FROM shrunk ORDER BY id
)
SELECT id AS item_id, fewer FROM shrunk`;
