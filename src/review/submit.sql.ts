/**
 * Submit: turn leases into reviews, a batch of 1 to 100 in one statement. $1 project, $2 what was sent, $3 whether only
 * those of items that need one review.
 *
 * The DELETE of the assignment is the lease check: it repeats the fence (member, token, not run out), so a slot that
 * was lost, answered or offered to somebody else gives no row and writes nothing. Then review, item, resolution,
 * draft and log follow from what was deleted. With one review required the item is resolved here; with more, the
 * caller looks whether the last slot came in (settle.sql.ts) in the same transaction. How many are required is what the
 * locked row says: a caller without a transaction passes $3, and a submit whose item has got more slots since it was
 * checked gives no row.
 *
 * Locks: the items first and in the order of their ids, then the assignments, each of which belongs to an item that
 * is locked already; whoever else locks an assignment waits for nothing. So batches cannot wait in a circle. The item's lock also
 * puts the last two reviewers of an item in a row: the second one's count is taken from the row as the first left it.
 *
 * A review of a known answer (slot -1, gold.sql.ts) is the same, but its events have kinds of their own, which nothing counts
 * or sends out; gold.score.sql.ts keeps whether it was right.
 *
 * An assignment that is twice in a batch (a double click) is deleted once; the other row finds the review that was made.
 * Known limit: a broken row (there should be none: all was checked before) fails the statement; the group commit then sends
 * its rows one by one.
 */
export const submitSql = `
WITH sent AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($2::jsonb) AS x(
    n integer, id uuid, assignment_id uuid, lease_token uuid, member_id uuid, verdict text, corrected_output text,
    labels text, comment text, content_hash text, is_right boolean)
), held AS MATERIALIZED (
  SELECT leased.id
    FROM (SELECT a.id, a.item_id FROM sent s CROSS JOIN LATERAL (
            SELECT * FROM assignment a
             WHERE a.project_id = $1 AND a.id = s.assignment_id AND a.member_id = s.member_id
               AND a.lease_token = s.lease_token AND a.lease_expires_at > now() OFFSET 0) a
           ORDER BY a.item_id) leased
   CROSS JOIN LATERAL (
     SELECT i.status, i.reviews_required FROM item i
      WHERE i.project_id = $1 AND i.id = leased.item_id OFFSET 0 FOR NO KEY UPDATE) item
   WHERE item.status = 'OPEN' AND (NOT $3::boolean OR item.reviews_required = 1)
), ended AS (
  DELETE FROM assignment a USING sent s
   WHERE a.project_id = $1 AND a.id = ANY (ARRAY (SELECT id FROM held)) AND a.id = s.assignment_id
     AND a.member_id = s.member_id AND a.lease_token = s.lease_token AND a.lease_expires_at > now()
  RETURNING s.*, a.item_id, a.queue_id, a.slot, a.rubric_version, a.shown, a.claimed_at
), written AS (
  INSERT INTO review (project_id, id, item_id, queue_id, slot, member_id, assignment_id, lease_token, rubric_version,
                      verdict, corrected_output, labels, comment, content_hash, shown, duration_ms, submitted_at)
  SELECT $1, id, item_id, queue_id, slot, member_id, assignment_id, lease_token, rubric_version,
         verdict, corrected_output::json, labels::json, comment, decode(content_hash, 'hex'), shown,
         least(greatest(extract(epoch FROM now() - claimed_at) * 1000, 0), 2147483647)::integer, now()
    FROM ended ORDER BY item_id, slot
  RETURNING *
), counted AS (
  UPDATE item i
     SET reviews_done = i.reviews_done + (SELECT count(*) FROM ended e WHERE e.item_id = i.id),
         status = CASE WHEN i.reviews_required = 1 THEN 'RESOLVED' ELSE i.status END,
         resolved_at = CASE WHEN i.reviews_required = 1 THEN now() END
   WHERE i.project_id = $1 AND i.id = ANY (ARRAY (SELECT item_id FROM ended))
  RETURNING i.id, i.source, i.status, i.reviews_done, i.reviews_required
), resolved AS (
  INSERT INTO resolution (project_id, item_id, verdict, output, labels, by)
  SELECT $1, w.item_id, w.verdict, w.corrected_output, w.labels, 'CONSENSUS'
    FROM written w JOIN counted c ON c.id = w.item_id AND c.status = 'RESOLVED'
), cleared AS (
  DELETE FROM draft d USING ended e
   WHERE d.project_id = $1 AND d.item_id = e.item_id AND d.member_id = e.member_id
), logged AS (
  INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
  SELECT $1, kind, 'member:' || member_id, item_id, queue_id, data
    FROM (
      SELECT 1 AS step, 'REVIEW_SUBMITTED' AS kind, w.member_id, w.item_id, w.queue_id,
             json_build_object('reviewId', w.id, 'assignmentId', w.assignment_id, 'memberId', w.member_id,
               'slot', w.slot, 'verdict', w.verdict, 'contentHash', encode(w.content_hash, 'hex')) AS data
        FROM written w WHERE w.slot >= 0
      UNION ALL
      SELECT 1, 'GOLD_SUBMITTED', w.member_id, w.item_id, w.queue_id,
             json_build_object('reviewId', w.id, 'assignmentId', w.assignment_id, 'memberId', w.member_id,
               'slot', w.slot, 'verdict', w.verdict, 'isRight', e.is_right)
        FROM written w JOIN ended e USING (id) WHERE w.slot < 0
      UNION ALL
      SELECT 2, CASE WHEN w.slot < 0 THEN 'GOLD_RESOLVED' ELSE 'ITEM_RESOLVED' END, w.member_id, w.item_id, w.queue_id,
             CASE WHEN w.slot < 0 THEN json_build_object('verdict', w.verdict, 'memberId', w.member_id, 'source', c.source)
                  ELSE json_build_object('verdict', w.verdict, 'by', 'CONSENSUS', 'source', c.source, 'revision', 0,
                    'from', 'OPEN') END
        FROM written w JOIN counted c ON c.id = w.item_id AND c.status = 'RESOLVED'
    ) happened ORDER BY item_id, step
)
SELECT e.n, w.*, c.reviews_done = c.reviews_required AS is_last
  FROM written w JOIN ended e USING (id) JOIN counted c ON c.id = w.item_id`;
