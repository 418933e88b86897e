/**
 * Taking an item back, in one transaction. The item's row is locked first, as a submit does, so the two cannot wait for
 * each other in a circle. It is locked FOR NO KEY UPDATE: claim, release and expiry, whose foreign keys look at the item
 * while they hold a ticket or an assignment, do not wait for us either.
 */
export const lockItemSql = `
SELECT i.status, i.queue_id, i.reviews_done,
       EXISTS (SELECT FROM assignment a WHERE a.project_id = $1 AND a.item_id = $2 AND a.lease_expires_at > now()) AS has_lease
  FROM item i WHERE i.project_id = $1 AND i.id = $2 AND NOT i.is_gold FOR NO KEY UPDATE OF i`;

export const withdrawItemSql = `UPDATE item SET status = 'WITHDRAWN' WHERE project_id = $1 AND id = $2`;

/**
 * Waits for claims of this item that are under way, and so comes before the assignments, of which it may find new ones;
 * and again after them, for what a release put back meanwhile. A ticket that slips through even so is deleted by the
 * next claim that meets it. Found by the whole key: an item's tickets stand in the lanes of its queue at its own rank.
 */
export const deleteTicketsSql = `
DELETE FROM ticket t USING item i, lane l
 WHERE i.project_id = $1 AND i.id = $2 AND l.project_id = $1 AND l.queue_id = i.queue_id
   AND t.project_id = $1 AND t.lane_id = l.id AND t.rank = i.rank AND t.item_id = i.id`;

/** The leases end as if released; the lapse tells late work where it belongs, so it is kept as a draft. */
export const endAssignmentsSql = `
WITH ended AS (
  DELETE FROM assignment WHERE project_id = $1 AND item_id = $2 RETURNING *
), lapsed AS (
  INSERT INTO lapse (project_id, assignment_id, item_id, member_id, lease_token, ended_as)
  SELECT $1, id, item_id, member_id, lease_token, 'RELEASED' FROM ended
  ON CONFLICT DO NOTHING
)
SELECT id, member_id, slot FROM ended ORDER BY slot`;
