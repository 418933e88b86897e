/**
 * What follows when the last review of an item with several came in, in the transaction of that submit.
 *
 * It cannot be part of the submit statement: of two last reviewers at the same moment each one's snapshot lacks the
 * other's row. The item's lock puts them in a row, and this second statement's snapshot is taken after it was got.
 */
export const reviewsToSettleSql = `
SELECT r.item_id, r.verdict, r.corrected_output, r.labels, q.agreement_bar,
       least(q.reviews_required, i.reviews_required) AS reviews_asked,
       coalesce(q.reviews_max, q.reviews_required) AS reviews_max
  FROM review r
  JOIN item i ON i.project_id = $1 AND i.id = r.item_id
  JOIN queue q ON q.project_id = $1 AND q.id = i.queue_id
 WHERE r.project_id = $1 AND r.item_id = ANY ($2::uuid[])
   AND r.revision = (SELECT max(o.revision) FROM review o
                      WHERE o.project_id = $1 AND o.item_id = r.item_id AND o.slot = r.slot)`;

/** Writes what resolution.ts decided: an answer, or a null verdict where the reviewers disagree. Each item once. */
export const settleSql = `
WITH decided AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($2::jsonb) AS x(
    item_id uuid, verdict text, output text, labels text, agreement_metric text, agreement_value double precision)
), settled AS (
  UPDATE item i
     SET status = CASE WHEN d.verdict IS NULL THEN 'NEEDS_ADJUDICATION' ELSE 'RESOLVED' END,
         resolved_at = CASE WHEN d.verdict IS NULL THEN NULL ELSE now() END
    FROM decided d
   WHERE i.project_id = $1 AND i.id = d.item_id AND i.status = 'OPEN'
  RETURNING d.*, i.queue_id, i.source
), resolved AS (
  INSERT INTO resolution (project_id, item_id, verdict, output, labels, by, agreement_metric, agreement_value)
  SELECT $1, item_id, verdict, output::json, labels::json, 'CONSENSUS', agreement_metric, agreement_value
    FROM settled WHERE verdict IS NOT NULL
)
INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
SELECT $1, CASE WHEN verdict IS NULL THEN 'ITEM_NEEDS_ADJUDICATION' ELSE 'ITEM_RESOLVED' END, 'system', item_id, queue_id,
       CASE WHEN verdict IS NULL THEN json_build_object()
            ELSE json_build_object('verdict', verdict, 'by', 'CONSENSUS', 'source', source, 'revision', 0, 'from', 'OPEN') END
  FROM settled ORDER BY item_id`;

/** Whether a member reviewed an item, left it to others, or wrote it or is its subject: then they do not decide it. */
export const isPartySql = (item: string, member: string): string => `
       EXISTS (SELECT FROM review o WHERE o.project_id = $1 AND o.item_id = ${item} AND o.member_id = ${member})
       OR EXISTS (SELECT FROM escalation e WHERE e.project_id = $1 AND e.item_id = ${item} AND e.member_id = ${member})
       OR EXISTS (SELECT FROM item_author w WHERE w.project_id = $1 AND w.item_id = ${item} AND w.author IN (
                    ${member}::uuid::text, (SELECT m.name FROM member m WHERE m.project_id = $1 AND m.id = ${member})))`;

/**
 * Adjudication: one decision by somebody who is not a party to it, on an item whose reviews disagree. One statement;
 * the status it asks for is the guard, so of two adjudicators at once the second gets no row. The agreement that is
 * kept with it is the reviewers', not the adjudicator's.
 */
export const adjudicateSql = `
WITH settled AS (
  UPDATE item i SET status = 'RESOLVED', resolved_at = now()
   WHERE i.project_id = $1 AND i.id = $2 AND i.status = 'NEEDS_ADJUDICATION'
     AND NOT (${isPartySql('$2', '$3')})
  RETURNING i.id, i.queue_id, i.source
), resolved AS (
  INSERT INTO resolution AS s (project_id, item_id, verdict, output, labels, comment, by, decided_by, agreement_metric, agreement_value)
  SELECT $1, id, $4, $5::json, $6::json, $7, 'ADJUDICATION', $3, $8, $9 FROM settled
  ON CONFLICT (project_id, item_id) DO UPDATE
     SET revision = s.revision + 1, verdict = excluded.verdict, output = excluded.output, labels = excluded.labels,
         comment = excluded.comment, by = excluded.by, decided_by = excluded.decided_by,
         agreement_metric = excluded.agreement_metric, agreement_value = excluded.agreement_value, resolved_at = now()
  RETURNING s.revision
), logged AS (
  INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
  SELECT $1, 'ITEM_RESOLVED', 'member:' || $3::uuid, id, queue_id,
         json_build_object('verdict', $4::text, 'by', 'ADJUDICATION', 'source', source, 'revision', revision,
           'from', 'NEEDS_ADJUDICATION')
    FROM settled, resolved
)
SELECT id FROM settled`;

/**
 * What adjudication has to know first: the item as it stands, whether $3 is a party to it, and the reviews that disagree,
 * each as it was last revised.
 */
export const disputeSql = `
SELECT i.status, i.queue_id, q.rubric_version AS current_rubric, (${isPartySql('$2', '$3')}) AS is_party,
       r.rubric_version, r.verdict
  FROM item i
  JOIN queue q ON q.project_id = $1 AND q.id = i.queue_id
  LEFT JOIN review r ON r.project_id = $1 AND r.item_id = i.id AND NOT EXISTS (
         SELECT FROM review n WHERE n.project_id = $1 AND n.item_id = i.id AND n.slot = r.slot AND n.revision > r.revision)
 WHERE i.project_id = $1 AND i.id = $2 AND NOT i.is_gold`;
