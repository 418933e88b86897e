/**
 * Whether something of an item is hidden from who might be swayed by it: one rule for others' reviews and for what the
 * system thought of its output.
 *
 * Whoever holds the item sees what the queue showed when they claimed it, a manager too: at that moment they are a
 * reviewer, and the review will say what they saw. Otherwise a reviewer sees nothing of it before their own review is in,
 * and everybody else sees all. `setting` is the queue's, which hides; `kind` is as in `assignment.shown`.
 */
export function isHiddenSql(of: {
  readonly setting: string;
  readonly kind: string;
  readonly item: string;
  readonly member: string;
  readonly isReviewer: string;
}): string {
  const { setting, kind, item, member, isReviewer } = of;
  return `coalesce(
         (SELECT CASE WHEN a.shown IS NULL THEN ${setting} ELSE '${kind}' <> ALL (a.shown) END FROM assignment a
           WHERE a.project_id = $1 AND a.member_id = ${member}::uuid AND a.item_id = ${item}),
         ${setting} AND ${isReviewer}::boolean AND NOT EXISTS (
           SELECT FROM review o WHERE o.project_id = $1 AND o.member_id = ${member}::uuid AND o.item_id = ${item}))`;
}

/** The same for what the system thought of its output; `shown` holds all of it or nothing. */
const areSignalsHidden = (member: string, isReviewer: string): string =>
  isHiddenSql({ setting: 'q.hides_signals', kind: 'SIGNALS', item: 'i.id', member, isReviewer });

/** Of the items $2 those whose signals are hidden from the member $3; $4 whether they are only a reviewer. */
export const hiddenSignalsSql = {
  name: 'item-hidden-signals',
  text: `
    SELECT i.id FROM item i JOIN queue q ON q.project_id = $1 AND q.id = i.queue_id
     WHERE i.project_id = $1 AND i.id = ANY ($2::uuid[]) AND ${areSignalsHidden('$3', '$4')}`,
};

/** As a condition on the item `i`: a filter must not tell what the item does not. */
export const areSignalsSeenBy = (reviewer: string): string => `
  NOT (SELECT ${areSignalsHidden(reviewer, 'true')} FROM queue q WHERE q.project_id = $1 AND q.id = i.queue_id)`;
