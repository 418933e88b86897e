/**
 * The reviews of items as a viewer may see them; $2 items, $3 the viewer's member id or null, $4 whether the viewer is
 * only a reviewer.
 *
 * Reviews are blind: who is to judge an item must not know what others said. So a reviewer sees none of an item's
 * reviews before their own is in, and nobody, manager or not, sees them while they hold a lease on the item.
 */
export const visibleReviewsSql = `
SELECT r.* FROM review r
 WHERE r.project_id = $1 AND r.item_id = ANY ($2::uuid[])
   AND (NOT $4::boolean OR EXISTS (
         SELECT FROM review o WHERE o.project_id = $1 AND o.member_id = $3::uuid AND o.item_id = r.item_id))
   AND NOT EXISTS (
         SELECT FROM assignment a WHERE a.project_id = $1 AND a.member_id = $3::uuid AND a.item_id = r.item_id)
 ORDER BY r.item_id, r.slot, r.revision`;

/**
 * What submit has to know of an assignment before it can check an answer; nothing of it changes while the lease lives.
 * No row for a lease that does not hold: that is said before any fault of the answer. The submit itself asks again.
 */
export const assignmentFactsSql = `
SELECT a.item_id, a.queue_id, a.rubric_version, i.reviews_required
  FROM assignment a JOIN item i ON i.project_id = $1 AND i.id = a.item_id
 WHERE a.project_id = $1 AND a.id = $2 AND a.member_id = $3 AND a.lease_token = $4 AND a.lease_expires_at > now()`;

/** What labels of stretches are checked against. Asked for only where a rubric has such fields. */
export const outputSql = `SELECT output FROM evidence WHERE project_id = $1 AND item_id = $2`;
