/*
 * A reviewer leaves an item to somebody more senior, in one transaction. The item is locked first, as a submit does
 * (item/withdrawal.sql.ts has the lock, the tickets and the leases of the others).
 */

/** The lease is the fence, as on every write-back. $2 assignment, $3 member, $4 token. No row: it does not hold. */
export const heldItemSql = `
SELECT a.item_id FROM assignment a
 WHERE a.project_id = $1 AND a.id = $2 AND a.member_id = $3 AND a.lease_token = $4 AND a.lease_expires_at > now()`;

/** $5 the note. What the member wrote so far stays their draft. */
export const escalateSql = `
WITH ended AS (
  DELETE FROM assignment a
   WHERE a.project_id = $1 AND a.id = $2 AND a.member_id = $3 AND a.lease_token = $4 AND a.lease_expires_at > now()
     AND (SELECT i.status FROM item i WHERE i.project_id = $1 AND i.id = a.item_id) = 'OPEN'
  RETURNING a.*
), lapsed AS (
  INSERT INTO lapse (project_id, assignment_id, item_id, member_id, lease_token, ended_as)
  SELECT $1, id, item_id, member_id, lease_token, 'ESCALATED' FROM ended
), noted AS (
  INSERT INTO escalation (project_id, item_id, assignment_id, member_id, note) SELECT $1, item_id, id, member_id, $5 FROM ended
), waits AS (
  UPDATE item i SET status = 'NEEDS_ADJUDICATION' FROM ended e WHERE i.project_id = $1 AND i.id = e.item_id
), logged AS (
  INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
  SELECT $1, 'ITEM_ESCALATED', 'member:' || member_id, item_id, queue_id,
         json_build_object('assignmentId', id, 'memberId', member_id, 'slot', slot, 'from', 'OPEN')
    FROM ended
)
SELECT item_id FROM ended`;

/** The escalation that was made from an assignment under this token. */
export const madeSql = `
SELECT e.item_id, e.note FROM lapse l
  JOIN escalation e ON e.project_id = $1 AND e.item_id = l.item_id AND e.assignment_id = l.assignment_id
 WHERE l.project_id = $1 AND l.assignment_id = $2 AND l.member_id = $3 AND l.lease_token = $4`;

/** Why items ($2) were escalated, the oldest first; only what $3 wrote, unless null. */
export const escalationsSql = `
SELECT e.project_id AS "projectId", e.item_id AS "itemId", e.assignment_id AS "assignmentId",
       e.member_id AS "memberId", e.note, e.escalated_at AS "escalatedAt"
  FROM escalation e
 WHERE e.project_id = $1 AND e.item_id = ANY ($2::uuid[]) AND ($3::uuid IS NULL OR e.member_id = $3)
 ORDER BY e.item_id, e.escalated_at, e.assignment_id`;
