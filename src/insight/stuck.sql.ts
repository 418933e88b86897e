import { isForeverDone } from '../assignment/eligible.sql.js';

/** Open tickets that are looked at in each lane, the most urgent first. */
export const MOST_LOOKED_AT = 200;

/**
 * $1 project, $2 queues. How many open items have a review slot that no active member can take: nobody who works the
 * queue has the skills, or all who do have reviewed or skipped the item, or wrote it.
 *
 * What is stuck is never taken, so it sinks to the head of its lane while all else leaves: looking at the first few
 * tickets of a lane finds it, and bounds the cost. A member who holds the item now counts as able to take it: what comes
 * of that is not known yet. Where a queue drops its skills after a while, whoever works it counts.
 *
 * Known limit: at most 200 tickets of each lane are looked at, so a larger number is told as 200 for each lane.
 */
export const STUCK = {
  name: 'insight-stuck',
  text: `
    WITH lanes AS MATERIALIZED (
      SELECT l.id, l.queue_id, l.skills, q.relax_skills_after_seconds IS NOT NULL AS is_relaxed,
             EXISTS (SELECT FROM queue_member w WHERE w.project_id = $1 AND w.queue_id = q.id) AS has_members
        FROM queue q JOIN lane l ON l.project_id = $1 AND l.queue_id = q.id
       WHERE q.project_id = $1 AND q.id = ANY ($2::uuid[])
    ), able AS MATERIALIZED (
      SELECT lanes.id AS lane_id, m.id, m.name
        FROM lanes JOIN member m ON m.project_id = $1 AND m.deactivated_at IS NULL AND m.role <> 'VIEWER'
         AND (lanes.is_relaxed OR lanes.skills <@ m.skills)
         AND (NOT lanes.has_members OR EXISTS (
               SELECT FROM queue_member w WHERE w.project_id = $1 AND w.queue_id = lanes.queue_id AND w.member_id = m.id))
    )
    SELECT lanes.queue_id, count(DISTINCT t.item_id)::integer AS stuck
      FROM lanes CROSS JOIN LATERAL (
        SELECT t.item_id FROM ticket t WHERE t.project_id = $1 AND t.lane_id = lanes.id
         ORDER BY t.project_id, t.lane_id, t.rank, t.item_id, t.slot LIMIT ${MOST_LOOKED_AT}) t
     WHERE NOT EXISTS (SELECT FROM able a
                        WHERE a.lane_id = lanes.id AND NOT (${isForeverDone('t.item_id', 'a.name', 'a.id')}))
     GROUP BY lanes.queue_id`,
};
