/**
 * Resolves what is overdue as its queue says, by the database's clock: at most $2 items of project $1, SKIP LOCKED, so it
 * never waits for a submit and several processes may do it at once. One statement: item, resolution, tickets, leases and
 * log go together.
 *
 * The items are locked first, as everywhere; FOR NO KEY UPDATE, so claims and releases, whose foreign keys look at the
 * item, do not wait. A live lease ends as if released; work that comes after is refused with ALREADY_RESOLVED and kept as
 * a draft. Reviews that are in stay with the item, and decide nothing any more.
 *
 * Known limit, as in a withdrawal: a claim that commits at the same instant keeps its lease until it runs out.
 */
export const deadlineSql = `
WITH rule AS MATERIALIZED (
  SELECT q.id, q.on_deadline FROM queue q WHERE q.project_id = $1 AND q.on_deadline <> 'STAY_OPEN'
), due AS MATERIALIZED (
  SELECT late.* FROM rule CROSS JOIN LATERAL (
    SELECT i.id, i.queue_id, i.rank, i.source, i.status AS was, rule.on_deadline FROM item i
     WHERE i.project_id = $1 AND i.queue_id = rule.id AND i.status IN ('OPEN', 'NEEDS_ADJUDICATION')
       AND i.due_at <= now()
     ORDER BY i.due_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED) late
), settled AS (
  UPDATE item i SET status = 'RESOLVED', resolved_at = now()
    FROM due WHERE i.project_id = $1 AND i.id = due.id
  RETURNING due.*
), resolved AS (
  INSERT INTO resolution AS s (project_id, item_id, verdict, by)
  SELECT $1, id, CASE on_deadline WHEN 'CONFIRM' THEN 'CONFIRMED' ELSE 'REJECTED' END, 'DEADLINE' FROM settled
  ON CONFLICT (project_id, item_id) DO UPDATE
     SET revision = s.revision + 1, verdict = excluded.verdict, output = NULL, labels = '{}', by = 'DEADLINE',
         decided_by = NULL, agreement_metric = NULL, agreement_value = NULL, comment = NULL, resolved_at = now()
  RETURNING s.item_id, s.verdict, s.revision
), tickets AS (
  DELETE FROM ticket t USING due, lane l
   WHERE l.project_id = $1 AND l.queue_id = due.queue_id
     AND t.project_id = $1 AND t.lane_id = l.id AND t.rank = due.rank AND t.item_id = due.id
), ended AS (
  DELETE FROM assignment a USING due WHERE a.project_id = $1 AND a.item_id = due.id RETURNING a.*
), lapsed AS (
  INSERT INTO lapse (project_id, assignment_id, item_id, member_id, lease_token, ended_as)
  SELECT $1, id, item_id, member_id, lease_token, 'RELEASED' FROM ended
  ON CONFLICT DO NOTHING
), logged AS (
  INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
  SELECT $1, kind, 'system', item_id, queue_id, data FROM (
    SELECT 1 AS step, 'ASSIGNMENT_RELEASED' AS kind, item_id, queue_id,
           json_build_object('assignmentId', id, 'memberId', member_id, 'slot', slot, 'reason', 'DEADLINE') AS data
      FROM ended
    UNION ALL
    SELECT 2, 'ITEM_RESOLVED', s.id, s.queue_id,
           json_build_object('verdict', r.verdict, 'by', 'DEADLINE', 'source', s.source, 'revision', r.revision, 'from', s.was)
      FROM settled s JOIN resolved r ON r.item_id = s.id
  ) happened ORDER BY item_id, step
)
SELECT count(*)::integer AS resolved FROM settled`;
