/**
 * Where a write-back belongs whose lease did not hold: the member's own assignment that ran out (or whose token is
 * another), a lapse that release or expiry left, or a review that was made from it. Nothing found: there is no such
 * assignment, or it is somebody else's, which the caller does not tell apart.
 *
 * A lapse is kept for 30 days after its lease ended; work that comes later is not recognised any more.
 */
export const whereaboutsSql = `
SELECT found.item_id, found.ended_as, found.lease_token = $4 AS is_token_right, i.status AS item_status
  FROM (SELECT a.item_id, a.lease_token, CASE WHEN a.lease_expires_at > now() THEN 'LEASED' ELSE 'EXPIRED' END AS ended_as
          FROM assignment a WHERE a.project_id = $1 AND a.id = $2 AND a.member_id = $3
        UNION ALL
        SELECT l.item_id, l.lease_token, l.ended_as
          FROM lapse l WHERE l.project_id = $1 AND l.assignment_id = $2 AND l.member_id = $3
        UNION ALL
        SELECT r.item_id, r.lease_token, 'SUBMITTED'
          FROM review r WHERE r.project_id = $1 AND r.assignment_id = $2 AND r.member_id = $3 AND r.revision = 0) found
  JOIN item i ON i.project_id = $1 AND i.id = found.item_id
 LIMIT 1`;

/**
 * Keeps late work as the member's draft of the item, unless the member holds that item again: then the draft of the
 * new lease is the one that counts, and this returns no row. Nor after the member's own review.
 */
export const keepLateSql = `
INSERT INTO draft (project_id, item_id, member_id, verdict, corrected_output, labels, comment, saved_at)
SELECT $1, $2, $3, $4, $5::json, $6::json, $7, now()
 WHERE NOT EXISTS (SELECT FROM assignment a WHERE a.project_id = $1 AND a.item_id = $2 AND a.member_id = $3
                      AND a.lease_expires_at > now())
   AND NOT EXISTS (SELECT FROM review r WHERE r.project_id = $1 AND r.item_id = $2 AND r.member_id = $3)
ON CONFLICT (project_id, item_id, member_id) DO UPDATE
   SET verdict = excluded.verdict, corrected_output = excluded.corrected_output, labels = excluded.labels,
       comment = excluded.comment, saved_at = excluded.saved_at
RETURNING saved_at`;

/** Forgets old lapses, at most $2 at a time. */
export const forgetLapsesSql = `
DELETE FROM lapse l USING (
  SELECT o.assignment_id FROM lapse o
   WHERE o.project_id = $1 AND o.ended_at < now() - interval '30 days'
   ORDER BY o.ended_at LIMIT $2 FOR UPDATE SKIP LOCKED) old
 WHERE l.project_id = $1 AND l.assignment_id = old.assignment_id`;
