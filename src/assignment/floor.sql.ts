/**
 * The floor of each lane of a project: the rank of its first ticket, so that a claim need not walk over what is left of
 * tickets that were taken. Those remains go by themselves, except while somebody holds an old snapshot (a long export, a
 * dump, a forgotten BEGIN): then every claim would read all of them.
 *
 * Read from scratch each time, never from the floor before. A ticket that arrives below lowers the floor (the trigger on
 * `ticket`); one that was not committed while this read may lie below the new floor until the next sweep, and a claim
 * that finds nothing looks without the floor, so nothing is hidden for longer. An empty lane keeps its floor.
 */
export const refreshFloorsSql = `
WITH found AS MATERIALIZED (
  SELECT l.id AS lane_id, first.rank, f.rank AS before
    FROM lane l
    LEFT JOIN lane_floor f ON f.project_id = $1 AND f.lane_id = l.id
   CROSS JOIN LATERAL (
     SELECT t.rank FROM ticket t WHERE t.project_id = $1 AND t.lane_id = l.id
      ORDER BY t.project_id, t.lane_id, t.rank LIMIT 1) first
   WHERE l.project_id = $1
), moved AS (
  UPDATE lane_floor f SET rank = found.rank FROM found
   WHERE f.project_id = $1 AND f.lane_id = found.lane_id AND f.rank = found.before AND found.rank <> found.before
)
INSERT INTO lane_floor (project_id, lane_id, rank)
SELECT $1, lane_id, rank FROM found WHERE before IS NULL ORDER BY lane_id
ON CONFLICT DO NOTHING`;
