import { draftColumns } from './draft.sql.js';

/** Neither reviewed nor held nor skipped by $2. CASE keeps the order: long runs of own reviews need one probe each. */
const isForMe = `CASE
           WHEN EXISTS (SELECT FROM review r
                         WHERE r.project_id = $1 AND r.member_id = $2 AND r.item_id = t.item_id OFFSET 0) THEN false
           WHEN EXISTS (SELECT FROM assignment a
                         WHERE a.project_id = $1 AND a.member_id = $2 AND a.item_id = t.item_id OFFSET 0) THEN false
           ELSE NOT EXISTS (SELECT FROM skip s
                             WHERE s.project_id = $1 AND s.member_id = $2 AND s.item_id = t.item_id OFFSET 0) END`;

/**
 * Claim: take the most urgent tickets that a member may serve, and turn each into a lease.
 *
 * A queue's tickets lie in lanes, one for each set of skills and each slot of an item, and a lane is read from its
 * head through the ticket table's only index. So the cost follows the number of lanes that the member may serve and
 * not the number of tickets: the first eligible tickets of each lane are locked (SKIP LOCKED, so claimers never wait
 * for each other), the most urgent of them are taken, and the rest are unlocked at commit. Order is by rank over all
 * lanes; a claimer may overtake only what another claim has locked at that instant.
 *
 * The ticket goes and the assignment comes in this one statement, together with the log's row. Two slots of one item
 * never go to one member: `one` picks one slot an item, and unique (member, item) refuses what a claim that runs at
 * the same moment has taken (23505: the caller tries again; nothing was changed). Rows go in by item id, so that two
 * such claims cannot wait for each other in a circle.
 *
 * A ticket of an item that is not open (it was withdrawn while the ticket came back) is deleted on the way and gives
 * no lease; the caller claims again.
 *
 * Known limits. What a member reviewed, holds or skipped is stepped over at the head of a lane: 10,000 own reviews
 * whose other slots nobody has taken up cost 30 to 60 ms a lane. The cap on live leases is read before the claim: two
 * claims at the same instant may pass it together.
 *
 * OFFSET 0 and the status as a value make each look-up a probe of a key for one row at a time. Otherwise a plan that
 * was made while the tables were empty, and is kept, reads all open items of the project once there are many.
 */
export const claimSql = `
WITH mine AS MATERIALIZED (
  SELECT l.id AS lane_id, l.queue_id, q.rubric_version, q.lease_seconds
    FROM member m
    JOIN lane l ON l.project_id = $1 AND l.skills <@ m.skills
    JOIN queue q ON q.project_id = $1 AND q.id = l.queue_id
   WHERE m.project_id = $1 AND m.id = $2 AND m.deactivated_at IS NULL
     AND ($3::text IS NULL OR q.key = $3)
), room AS MATERIALIZED (
  SELECT greatest(least($4::integer, $5::integer - count(*)), 0) AS places
    FROM assignment a
   WHERE a.project_id = $1 AND a.member_id = $2 AND a.lease_expires_at > now()
), head AS MATERIALIZED (
  SELECT first.lane_id, first.rank, first.item_id, first.slot, mine.queue_id, mine.rubric_version, mine.lease_seconds
    FROM mine CROSS JOIN LATERAL (
      SELECT t.lane_id, t.rank, t.item_id, t.slot
        FROM ticket t
       WHERE t.project_id = $1 AND t.lane_id = mine.lane_id
         AND ${isForMe}
       ORDER BY t.project_id, t.lane_id, t.rank, t.item_id, t.slot
       LIMIT (SELECT places FROM room)
         FOR UPDATE OF t SKIP LOCKED
    ) first
), one AS (
  SELECT DISTINCT ON (item_id) * FROM head ORDER BY item_id, slot
), best AS MATERIALIZED (
  SELECT * FROM one ORDER BY rank, item_id LIMIT (SELECT places FROM room)
), taken AS (
  DELETE FROM ticket t USING best b
   WHERE t.project_id = $1 AND t.lane_id = b.lane_id AND t.rank = b.rank AND t.item_id = b.item_id AND t.slot = b.slot
  RETURNING b.*
), named AS (
  SELECT t.*, row_number() OVER (ORDER BY t.item_id) AS place
    FROM taken t WHERE (SELECT i.status FROM item i WHERE i.project_id = $1 AND i.id = t.item_id) = 'OPEN'
), held AS (
  INSERT INTO assignment (project_id, id, item_id, slot, member_id, queue_id, lane_id, rank, rubric_version,
                          lease_token, lease_seconds, lease_expires_at, claimed_at)
  SELECT $1, ($6::uuid[])[place], item_id, slot, $2, queue_id, lane_id, rank, rubric_version,
         ($7::uuid[])[place], lease_seconds, now() + make_interval(secs => lease_seconds), now()
    FROM named ORDER BY item_id
  RETURNING *
), logged AS (
  INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
  SELECT $1, 'ASSIGNMENT_CLAIMED', 'member:' || $2::uuid, item_id, queue_id,
         json_build_object('assignmentId', id, 'memberId', member_id, 'slot', slot, 'leaseExpiresAt', lease_expires_at)
    FROM held ORDER BY rank, item_id
)
SELECT h.*, ${draftColumns}
  FROM held h LEFT JOIN LATERAL (
    SELECT * FROM draft d WHERE d.project_id = $1 AND d.item_id = h.item_id AND d.member_id = $2 OFFSET 0) d ON true
 ORDER BY h.rank, h.item_id`;

/**
 * Why a claim found nothing, in one read: whether the queue is known, how many leases the member holds, and what
 * else is there. `is_open_for_me` says that a ticket was only locked by another claim at that instant, `has_expired` that somebody else is putting
 * it back at that instant: claim again.
 * `other_frees_at` is when the next lease of somebody else ends on an item that could then come to this member,
 * `own_frees_at` the same for the member's own.
 */
export const emptyReasonSql = `
WITH scope AS MATERIALIZED (
  SELECT l.id AS lane_id, l.skills <@ m.skills AND m.deactivated_at IS NULL AS is_mine
    FROM queue q
    JOIN lane l ON l.project_id = $1 AND l.queue_id = q.id
    JOIN member m ON m.project_id = $1 AND m.id = $2
   WHERE q.project_id = $1 AND ($3::text IS NULL OR q.key = $3)
), lease AS MATERIALIZED (
  SELECT a.member_id, a.lease_expires_at, scope.is_mine
         AND NOT EXISTS (SELECT FROM assignment o
                          WHERE o.project_id = $1 AND o.member_id = $2 AND o.item_id = a.item_id AND o.id <> a.id)
         AND NOT EXISTS (SELECT FROM review r WHERE r.project_id = $1 AND r.member_id = $2 AND r.item_id = a.item_id)
         AND NOT EXISTS (SELECT FROM skip s WHERE s.project_id = $1 AND s.member_id = $2 AND s.item_id = a.item_id)
         AS can_come_to_me
    FROM assignment a JOIN scope USING (lane_id)
   WHERE a.project_id = $1
)
SELECT $3::text IS NULL OR EXISTS (SELECT FROM queue q WHERE q.project_id = $1 AND q.key = $3) AS is_queue_known,
       (SELECT count(*)::integer FROM assignment a
         WHERE a.project_id = $1 AND a.member_id = $2 AND a.lease_expires_at > now()) AS held,
       EXISTS (SELECT FROM scope CROSS JOIN LATERAL (
                 SELECT FROM ticket t
                  WHERE t.project_id = $1 AND t.lane_id = scope.lane_id
                    AND ${isForMe}
                  ORDER BY t.project_id, t.lane_id, t.rank LIMIT 1) t
               WHERE scope.is_mine) AS is_open_for_me,
       EXISTS (SELECT FROM ticket t JOIN scope USING (lane_id) WHERE t.project_id = $1) AS has_tickets,
       EXISTS (SELECT FROM lease) AS has_leases,
       EXISTS (SELECT FROM lease WHERE can_come_to_me AND lease_expires_at <= now()) AS has_expired,
       (SELECT min(lease_expires_at) FROM lease WHERE can_come_to_me AND member_id <> $2) AS other_frees_at,
       (SELECT min(lease_expires_at) FROM lease WHERE can_come_to_me AND member_id = $2) AS own_frees_at`;
