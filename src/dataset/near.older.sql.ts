/**
 * Taking in cases from before inputs were compared, a page at a time.
 *
 * `datasetsToCompare` locks one dataset, so that its cases stay as they are for the transaction; who finds it locked
 * (another instance) goes elsewhere and comes again. A page ends after 4 MiB of records.
 */
export const datasetsToCompare = `
  SELECT id, compare_after AS after FROM dataset
  WHERE project_id = $1 AND compare_after IS NOT NULL ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`;

export const olderCases = `
  SELECT c.id AS "caseId", c.item_id AS "itemId", r.record
  FROM (
    SELECT l.*, sum(l.record_bytes) OVER (ORDER BY l.id ROWS UNBOUNDED PRECEDING) - l.record_bytes AS before
    FROM (
      SELECT c.id, c.item_id, c.revision, r.record_bytes FROM eval_case c
      JOIN eval_case_revision r ON r.project_id = $1 AND r.dataset_id = $2 AND r.case_id = c.id AND r.revision = c.revision
      WHERE c.project_id = $1 AND c.dataset_id = $2 AND c.id > $3 AND NOT c.is_retracted
      ORDER BY c.id LIMIT $4
    ) l
  ) c
  JOIN eval_case_revision r ON r.project_id = $1 AND r.dataset_id = $2 AND r.case_id = c.id AND r.revision = c.revision
  WHERE c.before < 4 * 1024 * 1024
  ORDER BY c.id`;

export const putHashes = `
  UPDATE eval_case c
  SET input_hash = decode(n.input_hash, 'hex'), base_hash = coalesce(c.base_hash, c.content_hash),
    answers = ARRAY(SELECT decode(answer, 'hex') FROM json_array_elements_text(n.answers::json) AS answer)
  FROM unnest($3::uuid[], $4::text[], $5::text[]) AS n(id, input_hash, answers)
  WHERE c.project_id = $1 AND c.dataset_id = $2 AND c.id = n.id AND c.input_hash IS NULL`;

export const moveCompared = `
  UPDATE dataset SET compare_after = $3 WHERE project_id = $1 AND id = $2`;
