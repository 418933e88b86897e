/**
 * Revising a review, in one transaction: the item is locked first, as a submit does, then the facts are read in a
 * statement of its own, whose snapshot is taken after the lock was got. So of two revisions at once the second sees the first.
 */
export const lockItemSql = `SELECT FROM item i WHERE i.project_id = $1 AND i.id = $2 FOR NO KEY UPDATE OF i`;

/** $2 the review. `next_*` is what revised it already; null while it is the newest of its author. */
export const revisionFactsSql = `
SELECT i.status, i.source, i.queue_id, i.reviews_done >= i.reviews_required AS is_complete, s.by AS resolved_by,
       EXISTS (SELECT FROM escalation e WHERE e.project_id = $1 AND e.item_id = r.item_id) AS is_escalated,
       next.id AS next_id, next.content_hash AS next_hash,
       (SELECT n.id FROM review n WHERE n.project_id = $1 AND n.item_id = r.item_id AND n.slot = r.slot
         ORDER BY n.revision DESC LIMIT 1) AS newest_id,
       q.revise_within_seconds, first.submitted_at + make_interval(secs => q.revise_within_seconds) > now() AS is_in_time
  FROM review r
  JOIN item i ON i.project_id = $1 AND i.id = r.item_id
  JOIN queue q ON q.project_id = $1 AND q.id = r.queue_id
  JOIN review first ON first.project_id = $1 AND first.item_id = r.item_id AND first.slot = r.slot AND first.revision = 0
  LEFT JOIN review next ON next.project_id = $1 AND next.item_id = r.item_id AND next.slot = r.slot
                       AND next.revision = r.revision + 1
  LEFT JOIN resolution s ON s.project_id = $1 AND s.item_id = r.item_id
 WHERE r.project_id = $1 AND r.id = $2`;

/** $2 the review that is revised, $3 the new one's id, $4 … $8 the answer, $9 what its author can see by now. */
export const reviseSql = `
WITH written AS (
  INSERT INTO review (project_id, id, item_id, queue_id, slot, revision, member_id, assignment_id, lease_token,
                      rubric_version, verdict, corrected_output, labels, comment, content_hash, duration_ms, supersedes,
                      shown, submitted_at)
  SELECT $1, $3, r.item_id, r.queue_id, r.slot, r.revision + 1, r.member_id, r.assignment_id, r.lease_token,
         r.rubric_version, $4, $5::json, $6::json, $7, decode($8, 'hex'), 0, r.id, $9::text[], now()
    FROM review r WHERE r.project_id = $1 AND r.id = $2
  RETURNING *
), logged AS (
  INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
  SELECT $1, CASE WHEN slot < 0 THEN 'GOLD_REVISED' ELSE 'REVIEW_REVISED' END, 'member:' || member_id, item_id, queue_id,
         json_build_object('reviewId', id, 'supersedes', supersedes, 'revision', revision, 'memberId', member_id,
           'slot', slot, 'verdict', verdict, 'contentHash', encode(content_hash, 'hex'))
    FROM written
)
SELECT * FROM written`;

/** The answer as it stands; no row where there is none. */
export const standingAnswerSql = `
SELECT s.verdict, s.output, s.labels, s.agreement_value FROM resolution s WHERE s.project_id = $1 AND s.item_id = $2`;

/** The reviews now agree on another answer, or agree at last. $3 … $7 the answer, $8 who revised, $9 the status before. */
export const resolveAgainSql = `
WITH settled AS (
  UPDATE item i SET status = 'RESOLVED', resolved_at = now() WHERE i.project_id = $1 AND i.id = $2
  RETURNING i.id, i.queue_id, i.source, i.is_gold
), resolved AS (
  INSERT INTO resolution AS s (project_id, item_id, verdict, output, labels, by, agreement_metric, agreement_value)
  SELECT $1, id, $3, $4::json, $5::json, 'CONSENSUS', $6, $7 FROM settled
  ON CONFLICT (project_id, item_id) DO UPDATE
     SET revision = s.revision + 1, verdict = excluded.verdict, output = excluded.output, labels = excluded.labels,
         by = excluded.by, decided_by = NULL, comment = NULL, agreement_metric = excluded.agreement_metric,
         agreement_value = excluded.agreement_value, resolved_at = now()
  RETURNING s.item_id, s.revision
)
INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
SELECT $1, CASE WHEN is_gold THEN 'GOLD_RESOLVED_AGAIN' ELSE 'ITEM_RESOLVED' END, 'member:' || $8::uuid, id, queue_id,
       json_build_object('verdict', $3::text, 'by', 'CONSENSUS', 'source', source, 'revision', r.revision, 'from', $9::text)
  FROM settled JOIN resolved r ON r.item_id = settled.id`;

/**
 * The reviews no longer agree. The item met its deadline when it was resolved, so it has none from here on: no chore
 * may answer over the heads of those who disagree. What was the answer stays in its row, unseen, until the next replaces
 * it: counters and the next revision go by it. $3 who revised, $4 the review.
 */
export const reopenSql = `
WITH reopened AS (
  UPDATE item i SET status = 'NEEDS_ADJUDICATION', resolved_at = NULL, due_at = NULL
   WHERE i.project_id = $1 AND i.id = $2
  RETURNING i.id, i.queue_id
)
INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
SELECT $1, 'ITEM_REOPENED', 'member:' || $3::uuid, id, queue_id, json_build_object('from', 'RESOLVED', 'reviewId', $4::uuid)
  FROM reopened`;

/** Of the reviews $2, whether each may be revised and until when: the facts of above, with no lock. An adjudication is none of them. */
export const revisingSql = `
SELECT r.id, i.status, s.by AS resolved_by, next.id AS next_id, q.revise_within_seconds,
       first.submitted_at + make_interval(secs => q.revise_within_seconds) AS until,
       first.submitted_at + make_interval(secs => q.revise_within_seconds) > now() AS is_in_time
  FROM review r
  JOIN item i ON i.project_id = $1 AND i.id = r.item_id
  JOIN queue q ON q.project_id = $1 AND q.id = r.queue_id
  JOIN review first ON first.project_id = $1 AND first.item_id = r.item_id AND first.slot = r.slot AND first.revision = 0
  LEFT JOIN review next ON next.project_id = $1 AND next.item_id = r.item_id AND next.slot = r.slot
                       AND next.revision = r.revision + 1
  LEFT JOIN resolution s ON s.project_id = $1 AND s.item_id = r.item_id
 WHERE r.project_id = $1 AND r.id = ANY ($2::uuid[])`;
