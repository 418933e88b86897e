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
