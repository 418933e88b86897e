/**
 * What known answers say of those who gave theirs, in the transaction of the submit: $1 project, $2 items, $3 whether
 * each was right.
 *
 * Whoever has given the queue's minimum of them and was right less often than its bar is paused: their claims pass the
 * queue by until a manager lets them go on, from when on the count begins anew. What they hold they may finish.
 */
export const scoreGoldSql = `
WITH scored AS (
  UPDATE gold_item c SET is_right = s.is_right
    FROM unnest($2::uuid[], $3::boolean[]) AS s (item_id, is_right)
   WHERE c.project_id = $1 AND c.item_id = s.item_id AND c.is_right IS NULL
  RETURNING c.member_id, c.queue_id, c.is_right
), summed AS (
  SELECT member_id, queue_id, count(*)::integer AS answered, count(*) FILTER (WHERE is_right)::integer AS answered_right
    FROM scored GROUP BY member_id, queue_id
), locked AS MATERIALIZED (
  SELECT g.member_id, g.queue_id, g.paused_at IS NOT NULL AS was_paused, g.answered + s.answered AS answered,
         g.answered_right + s.answered_right AS answered_right
    FROM summed s JOIN gold_standing g ON g.project_id = $1 AND g.member_id = s.member_id AND g.queue_id = s.queue_id
   ORDER BY g.member_id, g.queue_id FOR UPDATE OF g
), stood AS (
  UPDATE gold_standing g
     SET answered = l.answered, answered_right = l.answered_right,
         paused_at = CASE WHEN l.was_paused THEN g.paused_at
                          WHEN l.answered >= q.gold_minimum AND l.answered_right < q.gold_bar * l.answered THEN now() END
    FROM locked l JOIN queue q ON q.project_id = $1 AND q.id = l.queue_id
   WHERE g.project_id = $1 AND g.member_id = l.member_id AND g.queue_id = l.queue_id
  RETURNING g.*, l.was_paused
)
INSERT INTO outbox (project_id, kind, actor, queue_id, data)
SELECT $1, 'MEMBER_PAUSED', 'system', queue_id,
       json_build_object('memberId', member_id, 'answered', answered, 'right', answered_right)
  FROM stood WHERE paused_at IS NOT NULL AND NOT was_paused ORDER BY member_id`;
