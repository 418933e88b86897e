/**
 * Who may be offered what: the one place that says it, for claims and for the answer why there was nothing.
 * $1 project, $2 member, $3 a queue's key or null. Where many members are asked for at once, `member` is a column.
 */
export const scopeSql = `
me AS MATERIALIZED (
  SELECT m.name, m.skills, m.capacity FROM member m
   WHERE m.project_id = $1 AND m.id = $2 AND m.deactivated_at IS NULL
), scope AS MATERIALIZED (
  SELECT l.id AS lane_id, l.queue_id, q.rubric_version, q.lease_seconds, q.separate_groups,
         q.relax_skills_after_seconds, l.skills <@ me.skills AS has_skills, me.name,
         coalesce(mark.rank, -9223372036854775808) AS mark, coalesce(f.rank, -9223372036854775808) AS floor,
         q.gold_rate, q.gold_salt, coalesce(g.claims, 0) AS gold_claims, g.item_id AS gold_item_id
    FROM me
    JOIN lane l ON l.project_id = $1
    JOIN queue q ON q.project_id = $1 AND q.id = l.queue_id
    LEFT JOIN claim_mark mark ON mark.project_id = $1 AND mark.lane_id = l.id AND mark.member_id = $2
    LEFT JOIN lane_floor f ON f.project_id = $1 AND f.lane_id = l.id
    LEFT JOIN gold_standing g ON g.project_id = $1 AND g.member_id = $2 AND g.queue_id = l.queue_id
   WHERE ($3::text IS NULL OR q.key = $3) AND g.paused_at IS NULL
     AND (l.skills <@ me.skills OR q.relax_skills_after_seconds IS NOT NULL)
     AND (NOT EXISTS (SELECT FROM queue_member w WHERE w.project_id = $1 AND w.queue_id = q.id)
          OR EXISTS (SELECT FROM queue_member w
                      WHERE w.project_id = $1 AND w.queue_id = q.id AND w.member_id = $2))
)`;

/** Whether a member, $2 unless told, has reviewed or skipped an item, or wrote it: that stays so, whatever happens to it. */
export const isForeverDone = (itemId: string, name: string, member = '$2'): string => `
         EXISTS (SELECT FROM review r
                  WHERE r.project_id = $1 AND r.member_id = ${member} AND r.item_id = ${itemId} OFFSET 0)
      OR EXISTS (SELECT FROM skip s WHERE s.project_id = $1 AND s.member_id = ${member} AND s.item_id = ${itemId} OFFSET 0)
      OR EXISTS (SELECT FROM item_author w WHERE w.project_id = $1 AND w.item_id = ${itemId}
                    AND w.author IN (${name}, ${member}::uuid::text) OFFSET 0)`;

/**
 * Neither reviewed, skipped nor written by $2, nor held in another assignment than `own`; and, where the queue keeps
 * groups apart, no other item of its group either reviewed or held. CASE keeps the order, the cheap and likely first:
 * long runs of own reviews need one probe each.
 *
 * OFFSET 0 makes each look-up a probe of a key for one row at a time. Otherwise a plan that was made while the tables
 * were empty, and is kept, reads all rows of the member once there are many.
 */
export const isForMe = (itemId: string, scope: string, own = `NULL::uuid`, member = '$2'): string => `CASE
           WHEN ${isForeverDone(itemId, `${scope}.name`, member)} THEN false
           WHEN EXISTS (SELECT FROM assignment o WHERE o.project_id = $1 AND o.member_id = ${member}
                           AND o.item_id = ${itemId} AND o.id IS DISTINCT FROM ${own} OFFSET 0) THEN false
           WHEN ${scope}.separate_groups THEN NOT EXISTS (
             SELECT FROM item i JOIN item other ON other.project_id = $1 AND other.group_key = i.group_key
              WHERE i.project_id = $1 AND i.id = ${itemId} AND other.id <> i.id
                AND (EXISTS (SELECT FROM review r
                              WHERE r.project_id = $1 AND r.member_id = ${member} AND r.item_id = other.id OFFSET 0)
                     OR EXISTS (SELECT FROM assignment o
                                 WHERE o.project_id = $1 AND o.member_id = ${member} AND o.item_id = other.id OFFSET 0)))
           ELSE true END`;

/**
 * Whether a ticket's item has waited so long that the queue asks for no skills any more. Asked of the first few
 * tickets of a lane only, so what is more urgent and not that old goes first, and the cost has a bound.
 */
export const MOST_RELAXED = 16;
export const isRelaxed = (itemId: string, scope: string): string => `
           (SELECT i.created_at FROM item i WHERE i.project_id = $1 AND i.id = ${itemId} OFFSET 0)
           <= now() - make_interval(secs => ${scope}.relax_skills_after_seconds)`;
