/**
 * Open items follow their queue when its number of reviews or its bar is changed: $1 project.
 *
 * The save leaves a row in queue_resize; this walks the queue's open items in the order of their arrival, a batch in each
 * transaction, which moves the row's place: so it goes on where it stopped, whatever is killed. Everything that changes a
 * slot is in overlap.sql.ts and is right at any time, so claims and submits go on meanwhile. A slot too many that
 * somebody holds stays theirs: the item is noted in item_resize and looked at again by each sweep.
 *
 * A flag that read the queue before the save may commit after the walk has passed. Statements end after ten seconds
 * (data-source.ts), so what arrived in the half minute before the save is walked a second time half a minute after it.
 * A reviewer's copy of a known answer follows as an item would, or its number would give it away. It has no tickets and
 * one review at most, so it follows in one statement; one that was being made while the walk passed is found at its end.
 * An item that comes from another queue has this one's number at once, and is noted like one with a slot too many.
 */
const SETTLED = `interval '30 seconds'`;

/** The queue that is to follow next, which no other process has at the moment. */
export const takeQueueSql = `
SELECT r.queue_id, r.is_second_pass
  FROM queue_resize r
 WHERE r.project_id = $1 AND (NOT r.is_second_pass OR r.saved_at + ${SETTLED} <= now())
 ORDER BY r.saved_at LIMIT 1 FOR UPDATE SKIP LOCKED`;

/** $2 queue, $3 how many: the next open items, and the place behind them. */
export const nextItemsSql = `
SELECT i.id, i.created_at::text AS created_at
  FROM queue_resize r
  JOIN item i ON i.project_id = $1 AND i.queue_id = $2 AND (i.created_at, i.id) > (r.after_at, r.after_id)
 WHERE r.project_id = $1 AND r.queue_id = $2 AND i.status IN ('OPEN', 'NEEDS_ADJUDICATION') AND i.status = 'OPEN'
 ORDER BY i.created_at, i.id LIMIT $3`;

export const moveOnSql = `
UPDATE queue_resize SET after_at = $3::timestamptz, after_id = $4 WHERE project_id = $1 AND queue_id = $2`;

export const beginSecondPassSql = `
UPDATE queue_resize
   SET is_second_pass = true, after_at = saved_at - ${SETTLED}, after_id = '00000000-0000-0000-0000-000000000000'
 WHERE project_id = $1 AND queue_id = $2`;

export const endSql = `DELETE FROM queue_resize WHERE project_id = $1 AND queue_id = $2`;

/** Items with a slot too many: $2 after this id, $3 how many. */
export const heldItemsSql = `
SELECT h.item_id AS id FROM item_resize h WHERE h.project_id = $1 AND h.item_id > $2 ORDER BY h.item_id LIMIT $3`;

export const isWaitingSql = `
SELECT FROM queue_resize r WHERE r.project_id = $1 AND (NOT r.is_second_pass OR r.saved_at + ${SETTLED} <= now())
 UNION ALL SELECT FROM item_resize h WHERE h.project_id = $1 LIMIT 1`;

/** In the order of their ids, as a submit does; $2 items. */
export const lockItemsSql = `
SELECT i.id FROM item i
 WHERE i.project_id = $1 AND i.id = ANY ($2::uuid[]) AND i.status = 'OPEN'
 ORDER BY i.id FOR NO KEY UPDATE`;

/** The locked items $2 and what their queue asks of them now; a statement of its own, to see what the lock waited for. */
export const itemRulesSql = `
SELECT i.id, i.reviews_required AS slots, i.reviews_done, q.reviews_required, coalesce(q.reviews_max, q.reviews_required) AS reviews_max,
       q.agreement_bar
  FROM item i JOIN queue q ON q.project_id = $1 AND q.id = i.queue_id
 WHERE i.project_id = $1 AND i.id = ANY ($2::uuid[]) AND i.status = 'OPEN' AND NOT i.is_gold ORDER BY i.id`;

/** Copies of the queue $2 that have not followed, at most $3. */
export const lateGoldSql = `
SELECT i.id FROM gold_item c
  JOIN item i ON i.project_id = $1 AND i.id = c.item_id
  JOIN queue q ON q.project_id = $1 AND q.id = $2
 WHERE c.project_id = $1 AND c.queue_id = $2 AND i.status = 'OPEN' AND i.reviews_required <> q.reviews_required
 ORDER BY i.id LIMIT $3`;

/** Those of the locked items $2 that are copies. One whose only review is enough now is resolved by it. */
export const followGoldSql = `
WITH followed AS (
  UPDATE item i
     SET reviews_required = q.reviews_required,
         status = CASE WHEN i.reviews_done >= q.reviews_required THEN 'RESOLVED' ELSE i.status END,
         resolved_at = CASE WHEN i.reviews_done >= q.reviews_required THEN now() END
    FROM queue q
   WHERE i.project_id = $1 AND i.id = ANY ($2::uuid[]) AND i.is_gold AND i.status = 'OPEN'
     AND q.project_id = $1 AND q.id = i.queue_id AND i.reviews_required <> q.reviews_required
  RETURNING i.id, i.queue_id, i.source, i.status
), answered AS (
  SELECT f.queue_id, f.source, r.* FROM followed f CROSS JOIN LATERAL (
    SELECT r.item_id, r.member_id, r.verdict, r.corrected_output, r.labels FROM review r
     WHERE r.project_id = $1 AND r.item_id = f.id ORDER BY r.revision DESC LIMIT 1) r
   WHERE f.status = 'RESOLVED'
), resolved AS (
  INSERT INTO resolution (project_id, item_id, verdict, output, labels, by)
  SELECT $1, item_id, verdict, corrected_output, labels, 'CONSENSUS' FROM answered
)
INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
SELECT $1, 'GOLD_RESOLVED', 'member:' || member_id, item_id, queue_id,
       json_build_object('verdict', verdict, 'memberId', member_id, 'source', source)
  FROM answered ORDER BY item_id`;

/** $2 items that were looked at, $3 those of them that have to be again. */
export const noteHeldSql = `
WITH done AS (
  DELETE FROM item_resize h
   WHERE h.project_id = $1 AND h.item_id = ANY ($2::uuid[]) AND NOT h.item_id = ANY ($3::uuid[])
)
INSERT INTO item_resize (project_id, item_id) SELECT $1, id FROM unnest($3::uuid[]) AS id ORDER BY id
ON CONFLICT DO NOTHING`;
