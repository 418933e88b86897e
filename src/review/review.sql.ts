import { isHiddenSql } from '../item/sight.sql.js';

/**
 * The reviews of items as a viewer may see them; $2 items, $3 the viewer's member id or null, $4 whether the viewer is
 * only a reviewer, $5 whether superseded ones are asked for too.
 *
 * Where a queue is blind, who is to judge an item must not know what others said; sight.sql.ts says who that is.
 */
export const visibleReviewsSql = `
SELECT r.* FROM review r
  JOIN item i ON i.project_id = $1 AND i.id = r.item_id
  JOIN queue q ON q.project_id = $1 AND q.id = i.queue_id
 WHERE r.project_id = $1 AND r.item_id = ANY ($2::uuid[])
   AND NOT ${isHiddenSql({ setting: 'q.blind', kind: 'PEERS', item: 'r.item_id', member: '$3', isReviewer: '$4' })}
   AND ($5::boolean OR NOT EXISTS (
         SELECT FROM review n WHERE n.project_id = $1 AND n.item_id = r.item_id AND n.slot = r.slot
                                AND n.revision > r.revision))
 ORDER BY r.item_id, r.slot, r.revision`;

/** What revises these reviews: $2. */
export const supersededBySql = `
SELECT r.id, n.id AS next FROM review r
  JOIN review n ON n.project_id = $1 AND n.item_id = r.item_id AND n.slot = r.slot AND n.revision = r.revision + 1
 WHERE r.project_id = $1 AND r.id = ANY ($2::uuid[])`;

/**
 * What submit has to know of an assignment before it can check an answer; nothing of it changes while the lease lives.
 * No row for a lease that does not hold: that is said before any fault of the answer. The submit itself asks again.
 */
export const assignmentFactsSql = `
SELECT a.queue_id, a.rubric_version, i.reviews_required
  FROM assignment a JOIN item i ON i.project_id = $1 AND i.id = a.item_id
 WHERE a.project_id = $1 AND a.id = $2 AND a.member_id = $3 AND a.lease_token = $4 AND a.lease_expires_at > now()`;
