import { isPartySql } from '../review/settle.sql.js';

/** Who may adjudicate, if the item is not one that they had a hand in. */
const deciders = `
  decider AS MATERIALIZED (
    SELECT m.id FROM member m
     WHERE m.project_id = $1 AND m.deactivated_at IS NULL AND m.role IN ('ADMIN', 'MANAGER')
  )`;

const isUndecidable = `i.status = 'NEEDS_ADJUDICATION' AND NOT i.is_gold
     AND NOT EXISTS (SELECT FROM decider d WHERE NOT (${isPartySql('i.id', 'd.id')}))`;

/** $1 project, $2 items. Those of them that wait for a decision which nobody may make. */
export const UNDECIDABLE_ITEMS = {
  name: 'insight-undecidable-items',
  text: `WITH ${deciders} SELECT i.id FROM item i WHERE i.project_id = $1 AND i.id = ANY ($2::uuid[]) AND ${isUndecidable}`,
};

/**
 * $1 project, $2 queues. How many such items each of them has. All deciders are a party to them, so it is enough to look
 * at what one of them reviewed and at what was escalated, wherever; with no decider at all, `hasDeciders` says so, and
 * all that need adjudication are meant.
 *
 * Known limit: an item that this one decider only wrote, and nobody escalated, is not counted. The item itself says so.
 */
export const UNDECIDABLE = {
  name: 'insight-undecidable',
  text: `
    WITH ${deciders}, touched AS MATERIALIZED (
      SELECT r.item_id FROM review r
       WHERE r.project_id = $1 AND r.member_id = (SELECT d.id FROM decider d ORDER BY d.id LIMIT 1)
       UNION SELECT e.item_id FROM escalation e WHERE e.project_id = $1
    ), counted AS (
      SELECT i.queue_id, count(*)::integer AS count
        FROM touched t JOIN item i ON i.project_id = $1 AND i.id = t.item_id
       WHERE i.queue_id = ANY ($2::uuid[]) AND ${isUndecidable} GROUP BY i.queue_id
    )
    SELECT n.id AS "queueId", EXISTS (SELECT FROM decider) AS "hasDeciders", coalesce(c.count, 0) AS count
      FROM unnest($2::uuid[]) AS n (id) LEFT JOIN counted c ON c.queue_id = n.id`,
};
