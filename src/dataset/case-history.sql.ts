/** Reads of single cases. $1 project, $2 a dataset's key. */

/** $3 case. Newest first; $4 how many. */
export const caseRevisions = `
  SELECT r.revision, r.created_at AS "createdAt", r.record IS NULL AS "isRetracted"
    FROM dataset d
    JOIN eval_case_revision r ON r.project_id = $1 AND r.dataset_id = d.id AND r.case_id = $3
   WHERE d.project_id = $1 AND d.key = $2
   ORDER BY r.revision DESC LIMIT $4`;

/** $3 cases, $4 revision of each at the same place, or null for the newest. Retracted ones have no record and are left out. */
export const caseRecords = `
  SELECT a.case_id AS id, a.revision AS asked, r.record
    FROM dataset d
    CROSS JOIN unnest($3::uuid[], $4::integer[]) AS a (case_id, revision)
    JOIN eval_case c ON c.project_id = $1 AND c.dataset_id = d.id AND c.id = a.case_id
    JOIN eval_case_revision r ON r.project_id = $1 AND r.dataset_id = d.id AND r.case_id = c.id
     AND r.revision = coalesce(a.revision, c.revision)
   WHERE d.project_id = $1 AND d.key = $2 AND r.record IS NOT NULL`;

/** A page ends after about so many bytes of records, with one case at least. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Cases that one search looks at before it answers with what it has. */
const MOST_SEARCHED = 20_000;

/**
 * $3 after this case, $4 text as it stands in a record or null, $5 tag, $6 verdict, $7 split, each or null, $8 how many.
 *
 * The dataset as it is, a stretch at a time: there is no index over the texts of records, so a search reads them, and at
 * most 20,000 in one statement. `last` is the last case that was looked at if the stretch did not reach the end.
 */
export const searchCases = `
  WITH looked AS MATERIALIZED (
    SELECT c.dataset_id, c.id, c.revision FROM dataset d
      JOIN eval_case c ON c.project_id = $1 AND c.dataset_id = d.id
     WHERE d.project_id = $1 AND d.key = $2 AND c.id > $3 AND NOT c.is_retracted AND ($7::text IS NULL OR c.split = $7)
     ORDER BY c.id LIMIT ${MOST_SEARCHED}
  ), found AS (
    SELECT r.case_id AS id, r.record, sum(r.record_bytes) OVER (ORDER BY r.case_id) - r.record_bytes AS before
      FROM looked l
      JOIN eval_case_revision r
        ON r.project_id = $1 AND r.dataset_id = l.dataset_id AND r.case_id = l.id AND r.revision = l.revision
     WHERE ($5::text IS NULL OR $5 = ANY (r.tags)) AND ($6::text IS NULL OR r.verdict = $6)
       AND ($4::text IS NULL OR strpos(lower(r.record), lower($4)) > 0)
     ORDER BY r.case_id LIMIT $8
  )
  SELECT f.id, f.record, (SELECT count(*)::integer FROM found) AS found,
         (SELECT CASE WHEN count(*) = ${MOST_SEARCHED} THEN (array_agg(id ORDER BY id DESC))[1] END FROM looked) AS last
    FROM (SELECT) always LEFT JOIN found f ON f.before < ${MOST_BYTES} ORDER BY f.id`;
