import { isForeverDone } from './eligible.sql.js';
import { leaseEvent } from './gold.sql.js';
import { shownSql } from './shown.js';

/**
 * A manager hands an item to a member: a free slot of it becomes their lease, as in a claim. $1 project, $2 member,
 * $3 item, $4 assignment, $5 token, $6 the manager as the log names people. Skills, queue and capacity are the manager's
 * to judge; what a person may never do (review twice, review what they wrote) stays so. A slot that somebody holds is
 * not free: nobody's lease is taken over.
 */
export const assignSql = `
WITH free AS MATERIALIZED (
  SELECT t.lane_id, t.rank, t.item_id, t.slot, i.queue_id, q.rubric_version, q.lease_seconds
    FROM item i
    JOIN queue q ON q.project_id = $1 AND q.id = i.queue_id
    JOIN member m ON m.project_id = $1 AND m.id = $2 AND m.deactivated_at IS NULL AND m.role <> 'VIEWER'
    JOIN lane l ON l.project_id = $1 AND l.queue_id = i.queue_id
    JOIN ticket t ON t.project_id = $1 AND t.lane_id = l.id AND t.rank = i.rank AND t.item_id = i.id
   WHERE i.project_id = $1 AND i.id = $3 AND i.status = 'OPEN'
     AND NOT EXISTS (SELECT FROM assignment a WHERE a.project_id = $1 AND a.member_id = $2 AND a.item_id = $3)
     AND NOT (${isForeverDone('i.id', 'm.name')})
   ORDER BY t.slot LIMIT 1 FOR UPDATE OF t SKIP LOCKED
), taken AS (
  DELETE FROM ticket t USING free f
   WHERE t.project_id = $1 AND t.lane_id = f.lane_id AND t.rank = f.rank AND t.item_id = f.item_id AND t.slot = f.slot
  RETURNING f.*
), held AS (
  INSERT INTO assignment (project_id, id, item_id, slot, member_id, queue_id, lane_id, rank, rubric_version,
                          lease_token, lease_seconds, lease_expires_at, claimed_at, shown)
  SELECT $1, $4, item_id, slot, $2, queue_id, lane_id, rank, rubric_version, $5, lease_seconds,
         now() + make_interval(secs => lease_seconds), now(),
         (SELECT ${shownSql('q')} FROM queue q WHERE q.project_id = $1 AND q.id = queue_id) FROM taken
  RETURNING *
), logged AS (
  INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
  SELECT $1, 'ASSIGNMENT_CLAIMED', $6, item_id, queue_id,
         json_build_object('assignmentId', id, 'memberId', member_id, 'slot', slot, 'leaseExpiresAt', lease_expires_at)
    FROM held
)
SELECT item_id FROM held`;

/** Why it was not possible. */
export const whyNotAssignedSql = `
SELECT i.status,
       EXISTS (SELECT FROM member m WHERE m.project_id = $1 AND m.id = $2 AND m.deactivated_at IS NULL
                  AND m.role <> 'VIEWER') AS is_reviewer,
       EXISTS (SELECT FROM assignment a WHERE a.project_id = $1 AND a.member_id = $2 AND a.item_id = $3) AS is_holder,
       ${isForeverDone('i.id', '(SELECT m.name FROM member m WHERE m.project_id = $1 AND m.id = $2)')} AS is_done
  FROM (SELECT $3::uuid AS id) asked LEFT JOIN item i ON i.project_id = $1 AND i.id = asked.id`;

/** A manager ends somebody's lease: the ticket goes back to its place. $2 assignment, $3 the manager. */
export const unassignSql = `
WITH ended AS (
  DELETE FROM assignment a WHERE a.project_id = $1 AND a.id = $2 RETURNING a.*
), back AS (
  INSERT INTO ticket (project_id, lane_id, rank, item_id, slot)
  SELECT $1, e.lane_id, e.rank, e.item_id, e.slot FROM ended e
   WHERE e.slot >= 0 AND (SELECT i.status FROM item i WHERE i.project_id = $1 AND i.id = e.item_id) = 'OPEN'
  ON CONFLICT DO NOTHING
), lapsed AS (
  INSERT INTO lapse (project_id, assignment_id, item_id, member_id, lease_token, ended_as)
  SELECT $1, id, item_id, member_id, lease_token, 'RELEASED' FROM ended
  ON CONFLICT DO NOTHING
), logged AS (
  INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
  SELECT $1, ${leaseEvent(`'RELEASED'`)}, $3, item_id, queue_id,
         json_build_object('assignmentId', id, 'memberId', member_id, 'slot', slot, 'reason', 'UNASSIGNED')
    FROM ended
)
SELECT item_id FROM ended`;

/** $2 a member. A row when they may review. */
export const reviewerSql = `
SELECT m.id FROM member m WHERE m.project_id = $1 AND m.id = $2 AND m.deactivated_at IS NULL AND m.role <> 'VIEWER'`;

/** $2 items. The live leases on them. */
export const leasesOnSql = `
SELECT a.id FROM assignment a WHERE a.project_id = $1 AND a.item_id = ANY ($2::uuid[]) ORDER BY a.item_id, a.slot`;
