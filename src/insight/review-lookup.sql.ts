/**
 * The reviews of one item, all revisions. $1 is the project.
 *
 * The order and nothing else in the condition: of the two indexes that hold the item, only `review_slot_once` begins with
 * it, and a plan that was made on empty tables would else take the other one and read the whole project each time.
 */
export const reviewsOfItem = (item: string): string => `(
  SELECT * FROM review r WHERE r.project_id = $1 AND r.item_id = ${item} ORDER BY r.slot, r.revision OFFSET 0)`;
