import { isForeverDone } from './eligible.sql.js';

export type BulkAction = 'ASSIGN' | 'UNASSIGN' | 'MOVE' | 'BUMP' | 'WITHDRAW';

export enum StayReason {
  NOT_FOUND = 'NOT_FOUND',
  RESOLVED = 'RESOLVED',
  WITHDRAWN = 'WITHDRAWN',
  NEEDS_ADJUDICATION = 'NEEDS_ADJUDICATION',
  HELD = 'HELD',
  NOT_HELD = 'NOT_HELD',
  REVIEWED = 'REVIEWED',
  DONE_BY_MEMBER = 'DONE_BY_MEMBER',
  ALREADY_THERE = 'ALREADY_THERE',
  CHANGED_MEANWHILE = 'CHANGED_MEANWHILE',
}

/**
 * Why what a manager did to many items left some of them ($2) as they were, with counts. $1 project, $3 what was done,
 * $4 the member who was to get them, $5 the queue that they were to go to; each null where it does not matter. The
 * order of the reasons is that of the statements in bulk.sql.ts and assign.sql.ts: what stands in the way for good
 * comes before what passes.
 *
 * Known limit: it is read after the change, so of an item that went on in between it tells what is so now.
 */
export const stayedSql = `
SELECT reason, "memberName", count(*)::integer AS count FROM (
  SELECT reason, CASE WHEN reason = 'HELD' THEN holder.name END AS "memberName"
    FROM unnest($2::uuid[]) AS meant (id)
    LEFT JOIN item i ON i.project_id = $1 AND i.id = meant.id AND NOT i.is_gold
    LEFT JOIN LATERAL (
      SELECT m.name, a.member_id = $4::uuid AS is_theirs
        FROM assignment a JOIN member m ON m.project_id = $1 AND m.id = a.member_id
       WHERE a.project_id = $1 AND a.item_id = i.id
       ORDER BY is_theirs DESC, a.slot LIMIT 1) holder ON true
    CROSS JOIN LATERAL (SELECT CASE
      WHEN i.id IS NULL THEN 'NOT_FOUND'
      WHEN $3::text = 'UNASSIGN' THEN 'NOT_HELD'
      WHEN i.status IN ('RESOLVED', 'WITHDRAWN') THEN i.status
      WHEN $3 = 'MOVE' AND i.queue_id = (SELECT q.id FROM queue q WHERE q.project_id = $1 AND q.key = $5::text) THEN 'ALREADY_THERE'
      WHEN $3 <> 'WITHDRAW' AND i.status = 'NEEDS_ADJUDICATION' THEN 'NEEDS_ADJUDICATION'
      WHEN $3 = 'ASSIGN' AND holder.is_theirs THEN 'HELD'
      WHEN $3 = 'ASSIGN' AND (${isForeverDone('i.id', '(SELECT m.name FROM member m WHERE m.project_id = $1 AND m.id = $4)', '$4')}) THEN 'DONE_BY_MEMBER'
      WHEN $3 <> 'BUMP' AND holder.name IS NOT NULL THEN 'HELD'
      WHEN $3 = 'MOVE' AND i.reviews_done > 0 THEN 'REVIEWED'
      ELSE 'CHANGED_MEANWHILE' END AS reason) why
) stayed GROUP BY reason, "memberName" ORDER BY count(*) DESC, reason, "memberName"`;
