import { draftColumns } from './draft.sql.js';
import { isForMe, isRelaxed, MOST_RELAXED, scopeSql } from './eligible.sql.js';
import { shownSql } from './shown.js';

/** Tickets that a claim steps over in a lane before a mark is worth its while. */
const MOST_STEPPED_OVER = 64;

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
 * A lane is read from the member's mark (mark.sql.ts: below it nothing is for them) or the lane's floor (floor.sql.ts:
 * below it there are only remains of taken tickets), whichever is higher. So 10,000 own reviews at the head, or an old
 * snapshot that keeps the remains alive, cost nothing. $5 false reads from the very start. `far` names the lanes where
 * more than a few tickets were stepped over: the caller has their marks moved.
 *
 * There is always a row; without a lease its columns are null.
 *
 * Known limits. The cap on live leases is read before the claim: two claims at the same instant may pass it together,
 * and so they may take two items of one group.
 */
export const claimSql = `
WITH ${scopeSql}, mine AS MATERIALIZED (
  SELECT scope.*, CASE WHEN $5::boolean THEN greatest(mark, floor) ELSE mark END AS start FROM scope
), room AS MATERIALIZED (
  SELECT greatest(least($4::integer, me.capacity - (SELECT count(*) FROM assignment a
                   WHERE a.project_id = $1 AND a.member_id = $2 AND a.lease_expires_at > now())), 0) AS places
    FROM me
), head AS MATERIALIZED (
  SELECT first.*, mine.queue_id, mine.rubric_version, mine.lease_seconds, mine.separate_groups
    FROM mine CROSS JOIN LATERAL (
      SELECT t.lane_id, t.rank, t.item_id, t.slot
        FROM ticket t
       WHERE t.project_id = $1 AND t.lane_id = mine.lane_id AND t.rank >= mine.start
         AND ${isForMe('t.item_id', 'mine')}
       ORDER BY t.project_id, t.lane_id, t.rank, t.item_id, t.slot
       LIMIT (SELECT places FROM room)
         FOR UPDATE OF t SKIP LOCKED
    ) first
   WHERE mine.has_skills
), relaxed AS MATERIALIZED (
  SELECT t.lane_id, t.rank, t.item_id, t.slot, mine.queue_id, mine.rubric_version, mine.lease_seconds,
         mine.separate_groups
    FROM mine CROSS JOIN LATERAL (
      SELECT o.lane_id, o.rank, o.item_id, o.slot FROM ticket o
       WHERE o.project_id = $1 AND o.lane_id = mine.lane_id AND o.rank >= mine.floor
       ORDER BY o.project_id, o.lane_id, o.rank, o.item_id, o.slot LIMIT ${MOST_RELAXED}
    ) first
    JOIN ticket t ON t.project_id = $1 AND t.lane_id = first.lane_id AND t.rank = first.rank
                 AND t.item_id = first.item_id AND t.slot = first.slot
   WHERE NOT mine.has_skills AND (SELECT places FROM room) > 0
     AND ${isRelaxed('first.item_id', 'mine')}
     AND ${isForMe('first.item_id', 'mine')}
     FOR UPDATE OF t SKIP LOCKED
), far AS (
  SELECT mine.lane_id FROM mine
   WHERE mine.has_skills AND (SELECT places FROM room) > 0 AND ${MOST_STEPPED_OVER} < (
     SELECT count(*) FROM (
       SELECT FROM ticket t
        WHERE t.project_id = $1 AND t.lane_id = mine.lane_id AND t.rank >= mine.start
          AND t.rank < coalesce((SELECT min(h.rank) FROM head h WHERE h.lane_id = mine.lane_id), 9223372036854775807)
        ORDER BY t.project_id, t.lane_id, t.rank LIMIT ${MOST_STEPPED_OVER} + 1) stepped)
), one AS (
  SELECT DISTINCT ON (coalesce(group_key, item_id::text)) each.*
    FROM (SELECT DISTINCT ON (item_id) found.*,
                 CASE WHEN separate_groups THEN (SELECT i.group_key FROM item i
                                                  WHERE i.project_id = $1 AND i.id = found.item_id) END AS group_key
            FROM (SELECT * FROM head UNION ALL SELECT * FROM relaxed) found ORDER BY item_id, slot) each
   ORDER BY coalesce(group_key, item_id::text), rank
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
                          lease_token, lease_seconds, lease_expires_at, claimed_at, shown)
  SELECT $1, ($6::uuid[])[place], item_id, slot, $2, queue_id, lane_id, rank, rubric_version,
         ($7::uuid[])[place], lease_seconds, now() + make_interval(secs => lease_seconds), now(),
         (SELECT ${shownSql('q')} FROM queue q WHERE q.project_id = $1 AND q.id = queue_id)
    FROM named ORDER BY item_id
  RETURNING *
), logged AS (
  INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
  SELECT $1, 'ASSIGNMENT_CLAIMED', 'member:' || $2::uuid, item_id, queue_id,
         json_build_object('assignmentId', id, 'memberId', member_id, 'slot', slot, 'leaseExpiresAt', lease_expires_at)
    FROM held ORDER BY rank, item_id
)
SELECT h.*, ${draftColumns}, ARRAY(SELECT lane_id FROM far) AS far
  FROM (SELECT) always
  LEFT JOIN held h ON true
  LEFT JOIN LATERAL (
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
WITH ${scopeSql}, waiting AS MATERIALIZED (
  SELECT l.id AS lane_id FROM queue q JOIN lane l ON l.project_id = $1 AND l.queue_id = q.id
   WHERE q.project_id = $1 AND ($3::text IS NULL OR q.key = $3)
), lease AS MATERIALIZED (
  SELECT a.member_id, a.lease_expires_at, scope.lane_id IS NOT NULL
         AND CASE WHEN scope.has_skills THEN true ELSE ${isRelaxed('a.item_id', 'scope')} END
         AND ${isForMe('a.item_id', 'scope', 'a.id')} AS can_come_to_me
    FROM assignment a JOIN waiting USING (lane_id) LEFT JOIN scope USING (lane_id)
   WHERE a.project_id = $1
)
SELECT $3::text IS NULL OR EXISTS (SELECT FROM queue q WHERE q.project_id = $1 AND q.key = $3) AS is_queue_known,
       (SELECT count(*)::integer FROM assignment a
         WHERE a.project_id = $1 AND a.member_id = $2 AND a.lease_expires_at > now())
       >= coalesce((SELECT capacity FROM me), 0) AS is_full,
       EXISTS (SELECT FROM scope CROSS JOIN LATERAL (
                 SELECT FROM ticket t
                  WHERE t.project_id = $1 AND t.lane_id = scope.lane_id AND t.rank >= scope.mark
                    AND ${isForMe('t.item_id', 'scope')}
                  ORDER BY t.project_id, t.lane_id, t.rank LIMIT 1) t
               WHERE scope.has_skills)
       OR EXISTS (SELECT FROM scope CROSS JOIN LATERAL (
                    SELECT t.item_id FROM ticket t
                     WHERE t.project_id = $1 AND t.lane_id = scope.lane_id
                     ORDER BY t.project_id, t.lane_id, t.rank, t.item_id, t.slot LIMIT ${MOST_RELAXED}) t
                  WHERE NOT scope.has_skills AND ${isRelaxed('t.item_id', 'scope')}
                    AND ${isForMe('t.item_id', 'scope')}) AS is_open_for_me,
       EXISTS (SELECT FROM ticket t JOIN waiting USING (lane_id) WHERE t.project_id = $1) AS has_tickets,
       EXISTS (SELECT FROM lease) AS has_leases,
       EXISTS (SELECT FROM lease WHERE can_come_to_me AND lease_expires_at <= now()) AS has_expired,
       (SELECT min(lease_expires_at) FROM lease WHERE can_come_to_me AND member_id <> $2) AS other_frees_at,
       (SELECT min(lease_expires_at) FROM lease WHERE can_come_to_me AND member_id = $2) AS own_frees_at`;
