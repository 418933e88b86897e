import { isForMe, isRelaxed, MOST_RELAXED } from './eligible.sql.js';

/** Tickets of a lane that are looked at for one member; if all of them are not for them, a claim decides, and moves the mark. */
const MOST_LOOKED_AT = 64;
const LOWEST = -9223372036854775808n;

/**
 * Who is to be given something: members who are there, have room and could have a ticket that waits, those with the least
 * in hand first and of those the longest idle. $1 project, $2 at most so many. One read for the whole project, however many
 * are there: lanes without tickets and members without room drop out first. Never more members than tickets, so that
 * one item that arrives is not claimed for by all who could have it.
 *
 * It only proposes. What a member gets is decided by the claim, with the same rules; what was taken meanwhile gives
 * nothing. On the way it notes who has become idle.
 *
 * Known limit: a member whom none of the waiting tickets is for is looked at again each time, up to 64 tickets a lane.
 */
export const matchSql = `
WITH here AS MATERIALIZED (
  SELECT present.*, p.queues, p.idle_since, p.given_at FROM (
    SELECT p.id, p.member_id, least(p.capacity, m.capacity) AS capacity, m.name, m.skills,
           (SELECT count(*)::integer FROM assignment a
             WHERE a.project_id = $1 AND a.member_id = p.member_id AND a.lease_expires_at > now()) AS held
      FROM presence p
      JOIN member m ON m.project_id = $1 AND m.id = p.member_id AND m.deactivated_at IS NULL AND m.role <> 'VIEWER'
     WHERE p.project_id = $1 AND p.expires_at > now() AND NOT p.is_away) present
    JOIN presence p ON p.project_id = $1 AND p.id = present.id
), noted AS (
  UPDATE presence p SET idle_since = CASE WHEN late.held = 0 THEN now() END
    FROM (SELECT o.id, here.held FROM presence o JOIN here ON here.id = o.id
           WHERE o.project_id = $1 AND (o.idle_since IS NULL) = (here.held = 0)
           ORDER BY o.id FOR NO KEY UPDATE OF o SKIP LOCKED) late
   WHERE p.project_id = $1 AND p.id = late.id
), waiting AS MATERIALIZED (
  SELECT l.id AS lane_id, l.queue_id, l.skills AS needed, q.key, q.separate_groups, q.relax_skills_after_seconds,
         coalesce(f.rank, ${LOWEST}) AS floor
    FROM lane l
    JOIN queue q ON q.project_id = $1 AND q.id = l.queue_id
    LEFT JOIN lane_floor f ON f.project_id = $1 AND f.lane_id = l.id
   WHERE l.project_id = $1
     AND EXISTS (SELECT FROM ticket t
                  WHERE t.project_id = $1 AND t.lane_id = l.id AND t.rank >= coalesce(f.rank, ${LOWEST}))
), places AS MATERIALIZED (
  SELECT count(*) AS free FROM (
    SELECT FROM waiting w CROSS JOIN LATERAL (
      SELECT FROM ticket t WHERE t.project_id = $1 AND t.lane_id = w.lane_id AND t.rank >= w.floor LIMIT $2) t
     LIMIT $2) first_few
), scope AS MATERIALIZED (
  SELECT h.id, h.member_id, h.name, w.*, w.needed <@ h.skills AS has_skills,
         CASE WHEN w.needed <@ h.skills THEN greatest(coalesce(mark.rank, ${LOWEST}), w.floor) ELSE w.floor END AS start
    FROM here h
    JOIN waiting w ON (h.queues IS NULL OR w.key = ANY (h.queues))
                  AND (w.needed <@ h.skills OR w.relax_skills_after_seconds IS NOT NULL)
    LEFT JOIN claim_mark mark ON mark.project_id = $1 AND mark.lane_id = w.lane_id AND mark.member_id = h.member_id
   WHERE h.held < h.capacity
     AND NOT EXISTS (SELECT FROM gold_standing g WHERE g.project_id = $1 AND g.member_id = h.member_id
                        AND g.queue_id = w.queue_id AND g.paused_at IS NOT NULL)
     AND (NOT EXISTS (SELECT FROM queue_member o WHERE o.project_id = $1 AND o.queue_id = w.queue_id)
          OR EXISTS (SELECT FROM queue_member o
                      WHERE o.project_id = $1 AND o.queue_id = w.queue_id AND o.member_id = h.member_id))
), best AS (
  SELECT DISTINCT ON (scope.member_id) scope.id, scope.member_id, scope.key
    FROM scope CROSS JOIN LATERAL (
      SELECT t.rank FROM (
        SELECT head.*, row_number() OVER (ORDER BY head.rank, head.item_id, head.slot) AS n FROM (
          SELECT t.rank, t.item_id, t.slot FROM ticket t
           WHERE t.project_id = $1 AND t.lane_id = scope.lane_id AND t.rank >= scope.start
           ORDER BY t.project_id, t.lane_id, t.rank, t.item_id, t.slot
           LIMIT CASE WHEN scope.has_skills THEN ${MOST_LOOKED_AT} + 1 ELSE ${MOST_RELAXED} END) head) t
       WHERE t.n > ${MOST_LOOKED_AT}
          OR (CASE WHEN scope.has_skills THEN true ELSE ${isRelaxed('t.item_id', 'scope')} END
              AND ${isForMe('t.item_id', 'scope', 'NULL::uuid', 'scope.member_id')})
       ORDER BY t.n LIMIT 1) first
   ORDER BY scope.member_id, first.rank, scope.id
)
SELECT h.id, h.member_id, h.capacity, b.key
  FROM best b JOIN here h ON h.id = b.id
 ORDER BY h.held, coalesce(h.idle_since, now()), h.given_at NULLS FIRST, h.id
 LIMIT (SELECT free FROM places)`;

/** These members, $2, have just been given something. */
export const givenSql = `
UPDATE presence p SET given_at = now(), idle_since = NULL
  FROM (SELECT o.id FROM presence o WHERE o.project_id = $1 AND o.member_id = ANY ($2::uuid[])
         ORDER BY o.id FOR NO KEY UPDATE) mine
 WHERE p.project_id = $1 AND p.id = mine.id`;

/**
 * One pass at a time gives out the work of a project. $2 this pass, $3 for how many seconds. It saves work and decides
 * nothing: who dies in the middle is followed when the time is over, and two at once would do no harm.
 */
export const takeTurnSql = `
INSERT INTO push_turn AS t (project_id, holder, until) VALUES ($1, $2, now() + make_interval(secs => $3))
ON CONFLICT (project_id) DO UPDATE SET holder = excluded.holder, until = excluded.until
 WHERE t.until <= now() OR t.holder = excluded.holder
RETURNING holder`;

export const endTurnSql = `UPDATE push_turn t SET until = now() WHERE t.project_id = $1 AND t.holder = $2`;
