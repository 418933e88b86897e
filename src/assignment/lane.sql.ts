/*
 * Which lane of its queue the ticket of a slot stands in: $1 project; the rest are names of columns in the statement.
 */

/** The tier of a lane for tickets that need no skills any more: that of their slot and this. */
export const WIDENED = 100;

/**
 * Whether a deadline's step has dropped the skills of the queue for the item. That holds for all its slots, also for
 * those that are opened later, and again when the item comes back from another queue, for it takes no step there twice.
 */
const isWidened = (item: string, queue: string): string => `EXISTS (
  SELECT FROM deadline_step taken WHERE taken.project_id = $1 AND taken.item_id = ${item} AND taken.queue_id = ${queue}
     AND taken.action = 'WIDEN')`;

interface Place {
  readonly item: string;
  readonly queue: string;
  readonly slot: string;
}

export const laneOf = ({ item, queue, slot }: Place): string => `(
  SELECT l.id FROM lane l JOIN queue lq ON lq.project_id = $1 AND lq.id = l.queue_id
   WHERE l.project_id = $1 AND l.queue_id = ${queue}
     AND (l.tier = ${slot} AND l.skills = lq.skills OR l.tier = ${slot} + ${WIDENED} AND ${isWidened(item, queue)})
   ORDER BY l.tier DESC LIMIT 1)`;
