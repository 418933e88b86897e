/**
 * What differs between two positions of a dataset: the newest revision of each case at or before either, of those cases
 * that have a revision in between. The index on position finds these, so the cost is that of what changed, not of what
 * there is. What came and went in between differs in nothing and is not there.
 *
 * Parameters: project, dataset, from, to.
 */
const changes = `
  SELECT t.case_id AS "caseId",
    CASE WHEN f.revision IS NULL THEN 'ADDED' WHEN t.is_there THEN 'CHANGED' ELSE 'RETRACTED' END AS change,
    f.revision AS "fromRevision", CASE WHEN t.is_there THEN t.revision END AS "toRevision"
  FROM (
    SELECT DISTINCT ON (r.case_id) r.case_id, r.revision, r.record_bytes IS NOT NULL AS is_there
    FROM eval_case_revision r
    WHERE r.project_id = $1 AND r.dataset_id = $2 AND r.position > $3 AND r.position <= $4
    ORDER BY r.case_id, r.revision DESC
  ) t
  LEFT JOIN LATERAL (
    SELECT CASE WHEN r.record_bytes IS NOT NULL THEN r.revision END AS revision
    FROM eval_case_revision r
    WHERE r.project_id = $1 AND r.dataset_id = $2 AND r.case_id = t.case_id AND r.position <= $3
    ORDER BY r.revision DESC LIMIT 1
  ) f ON true
  WHERE f.revision IS NOT NULL OR t.is_there`;

export const countChanges = `
  SELECT change, count(*)::int AS count FROM (${changes}) c GROUP BY change`;

/** Further parameters: after case id, change or null for all, rows. */
export const pageOfChanges = `
  SELECT * FROM (${changes}) c
  WHERE "caseId" > $5 AND ($6::text IS NULL OR change = $6) ORDER BY "caseId" LIMIT $7`;
