import { reviewsOfItem } from './review-lookup.sql.js';

/** Items of which agreement is computed at most; the latest. */
export const MOST_ITEMS = 20_000;

/**
 * $1 project, $2 queue, $3 from, $4 to, $5 most items and one, $6 rubric version or null, $7 rubric field or null for the
 * verdict, $8 members or null.
 *
 * The first answers to items with several reviews. Such an item has a review in a slot after the first, and only those
 * are in the index that finds the period (`review_further`): the cost follows the number of items that are used and not
 * the size of the queue. A slot has at most 8 others, which bounds what is read of the index.
 */
export const ANSWERS = {
  name: 'insight-answers',
  text: `
    WITH further AS (
      SELECT r.item_id, r.submitted_at FROM review r
       WHERE r.project_id = $1 AND r.queue_id = $2 AND r.slot > 0 AND r.revision = 0
         AND r.submitted_at >= $3 AND r.submitted_at < $4 AND ($6::integer IS NULL OR r.rubric_version = $6)
       ORDER BY r.submitted_at DESC LIMIT 8 * $5::integer
    ), picked AS MATERIALIZED (
      SELECT item_id, row_number() OVER (ORDER BY max(submitted_at) DESC, item_id)::integer AS place
        FROM further GROUP BY item_id ORDER BY place LIMIT $5::integer
    )
    SELECT p.item_id, p.place, (SELECT count(*) FROM picked)::integer AS picked, r.member_id, CASE WHEN $7::text IS NULL THEN to_json(r.verdict) ELSE r.labels -> $7 END AS answer
      FROM picked p CROSS JOIN LATERAL ${reviewsOfItem('p.item_id')} r
     WHERE r.revision = 0 AND ($6::integer IS NULL OR r.rubric_version = $6) AND ($8::uuid[] IS NULL OR r.member_id = ANY ($8))`,
};
