/**
 * What an export reads: short statements, a page at a time, never one long snapshot that would keep dead rows of the
 * whole database alive.
 *
 * "The dataset at position P" is for every case the newest revision at or before P. Revisions are never changed and new
 * ones get later positions, so the pages of an export agree with each other, and with those of a later run, without a
 * transaction around them. "Newest" is said as "there is no newer one", which the primary key answers row by row, so a
 * page costs the same wherever it is; said as DISTINCT ON, the database sorted the whole dataset for each page. A small
 * change since a position is found by the index on position.
 *
 * A page ends after $6 rows or before it would exceed $7 bytes of records, whichever is first (but holds at least one
 * row): sizes are known from `record_bytes`, so what is not sent is not even read.
 *
 * Parameters: project, dataset, at position, since position (0 for everything), after case id, rows, bytes. An
 * incremental export (`since` above 0) holds retractions; a whole one has no line for what is not there. Not prepared by
 * name: a generic plan would choose one index for both kinds, and a page costs much more than its planning.
 */
const head = `
  SELECT h.case_id, h.revision, coalesce(h.record_bytes, 0) AS bytes
  FROM eval_case_revision h
  WHERE h.project_id = $1 AND h.dataset_id = $2 AND h.position <= $3 AND h.position > $4 AND h.case_id > $5
    AND ($4 > 0 OR h.record_bytes IS NOT NULL)
    AND NOT EXISTS (
      SELECT FROM eval_case_revision n
      WHERE n.project_id = $1 AND n.dataset_id = $2 AND n.case_id = h.case_id AND n.revision > h.revision
        AND n.position <= $3)
  ORDER BY h.case_id
  LIMIT $6`;

export const casePage = `
  WITH head AS MATERIALIZED (${head}
  ), sized AS (
    SELECT case_id, revision, sum(bytes) OVER (ORDER BY case_id) - bytes AS before FROM head
  )
  SELECT r.case_id AS id, r.revision, 'sha256:' || encode(r.content_hash, 'hex') AS "contentHash", r.split, r.record
  FROM sized s
  JOIN eval_case_revision r
    ON r.project_id = $1 AND r.dataset_id = $2 AND r.case_id = s.case_id AND r.revision = s.revision
  WHERE s.before < $7
  ORDER BY r.case_id`;

/** The same without the records, for a hash over the dataset. Parameters 1 to 6. */
export const keyPage = `
  WITH head AS MATERIALIZED (${head}
  )
  SELECT r.case_id AS id, r.revision, 'sha256:' || encode(r.content_hash, 'hex') AS "contentHash"
  FROM head h
  JOIN eval_case_revision r
    ON r.project_id = $1 AND r.dataset_id = $2 AND r.case_id = h.case_id AND r.revision = h.revision
  ORDER BY r.case_id`;
