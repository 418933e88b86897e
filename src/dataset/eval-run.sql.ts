/**
 * Runs of suites as they were reported. A dataset keeps its newest 100 runs with their results; the log keeps that there
 * were others. An id of a run is a UUIDv7, so the order of ids is that of the reports.
 */
export const putRun = `
  INSERT INTO eval_run (project_id, id, dataset_id, run_id, outcome, url, commit_id, passed, failed, incomplete,
    missing, errored, content_hash, reported_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, decode($13, 'hex'), $14)
  ON CONFLICT ON CONSTRAINT eval_run_once DO NOTHING
  RETURNING id`;

export const runByName = `
  SELECT id, encode(content_hash, 'hex') AS "contentHash" FROM eval_run
  WHERE project_id = $1 AND dataset_id = $2 AND run_id = $3`;

/** Returns the cases that it knows: those of the dataset, retracted ones too. $4 and $5: cases and outcomes. */
export const putResults = `
  INSERT INTO eval_result (project_id, run_id, case_id, item_id, outcome)
  SELECT $1, $2, c.id, c.item_id, n.outcome
  FROM unnest($4::uuid[], $5::text[]) AS n(case_id, outcome)
  JOIN eval_case c ON c.project_id = $1 AND c.dataset_id = $3 AND c.id = n.case_id
  RETURNING case_id AS "caseId", item_id AS "itemId", outcome`;

export const dropOldRuns = `
  DELETE FROM eval_run r WHERE r.project_id = $1 AND r.dataset_id = $2 AND r.id < (
    SELECT k.id FROM eval_run k WHERE k.project_id = $1 AND k.dataset_id = $2 ORDER BY k.id DESC OFFSET 99 LIMIT 1)`;

const run = `
  r.id, r.run_id AS "runId", d.key AS dataset, r.outcome, r.url, r.commit_id AS commit, r.passed, r.failed, r.incomplete,
  r.missing, r.errored,  r.reported_at AS "reportedAt"`;

export const runById = `
  SELECT ${run} FROM eval_run r JOIN dataset d ON d.project_id = $1 AND d.id = r.dataset_id
  WHERE r.project_id = $1 AND r.id = $2`;

export const runsOfDataset = `
  SELECT ${run} FROM eval_run r JOIN dataset d ON d.project_id = $1 AND d.id = r.dataset_id
  WHERE r.project_id = $1 AND r.dataset_id = $2 ORDER BY r.id DESC LIMIT $3`;

/** Of each of the cases $2 the newest $3. */
export const resultsOfCases = `
  SELECT result.* FROM unnest($2::uuid[]) AS n(case_id) CROSS JOIN LATERAL (
    SELECT ${run}, e.case_id AS "caseId", e.outcome AS "caseOutcome" FROM eval_result e
    JOIN eval_run r ON r.project_id = $1 AND r.id = e.run_id
    JOIN dataset d ON d.project_id = $1 AND d.id = r.dataset_id
    WHERE e.project_id = $1 AND e.case_id = n.case_id ORDER BY e.run_id DESC LIMIT $3) result
  ORDER BY result.id DESC`;

/** Of each of the items $2 the newest $3. */
export const failuresOfItems = `
  SELECT failed.* FROM unnest($2::uuid[]) AS n(item_id) CROSS JOIN LATERAL (
    SELECT ${run}, e.item_id AS "itemId", e.case_id AS "caseId", EXISTS (
      SELECT FROM eval_result later
      WHERE later.project_id = $1 AND later.case_id = e.case_id AND later.run_id > e.run_id AND later.outcome = 'PASSED'
    ) AS "isFixed"
    FROM eval_result e
    JOIN eval_run r ON r.project_id = $1 AND r.id = e.run_id
    JOIN dataset d ON d.project_id = $1 AND d.id = r.dataset_id
    WHERE e.project_id = $1 AND e.item_id = n.item_id AND e.outcome = 'FAILED'
    ORDER BY e.run_id DESC, e.case_id LIMIT $3) failed
  ORDER BY failed.id DESC, failed."caseId"`;

/** What failed, as far as others can be like it. */
export const failedCases = `
  SELECT i.group_key AS "groupKey", i.source, i.reasons, r.labels, e.signature
  FROM unnest($3::uuid[]) AS n(case_id)
  JOIN eval_case c ON c.project_id = $1 AND c.dataset_id = $2 AND c.id = n.case_id
  JOIN item i ON i.project_id = $1 AND i.id = c.item_id
  LEFT JOIN resolution r ON r.project_id = $1 AND r.item_id = c.item_id
  LEFT JOIN eval_input e ON e.project_id = $1 AND e.dataset_id = $2 AND e.input_hash = c.input_hash`;

/**
 * What waits in the queues that feed the dataset, and could be like it: of each queue the newest $4 items below priority
 * $3, and those of the same groups ($5), wherever they stand. Inputs over $6 bytes are not looked at.
 */
export const waitingItems = `
  WITH feeding AS (
    SELECT f.queue_id FROM dataset_queue f WHERE f.project_id = $1 AND f.dataset_id = $2
  ), chosen AS (
    SELECT w.id FROM feeding f CROSS JOIN LATERAL (
      SELECT i.id FROM item i
      WHERE i.project_id = $1 AND i.queue_id = f.queue_id AND i.status = 'OPEN' AND i.priority < $3
        AND NOT i.is_gold
      ORDER BY i.created_at DESC LIMIT $4
    ) w
    UNION
    (SELECT i.id FROM item i JOIN feeding f ON f.queue_id = i.queue_id
     WHERE i.project_id = $1 AND i.group_key = ANY ($5::text[]) AND i.status = 'OPEN' AND i.priority < $3 AND NOT i.is_gold LIMIT $4)
  )
  SELECT i.id, i.priority, i.group_key AS "groupKey", i.source, i.reasons, i.tags,
    CASE WHEN octet_length(e.input::text) <= $6 THEN e.input END AS input,
    octet_length(e.input::text) <= $6 AS "hasInput"
  FROM chosen c JOIN item i ON i.project_id = $1 AND i.id = c.id
  JOIN evidence e ON e.project_id = $1 AND e.item_id = i.id
  ORDER BY i.id DESC`;

/** Those that are still below, locked, so that nobody's higher priority is lowered. */
export const lockLower = `
  SELECT i.id FROM item i
  WHERE i.project_id = $1 AND i.id = ANY ($2::uuid[]) AND i.status = 'OPEN' AND i.priority < $3
  ORDER BY i.id FOR NO KEY UPDATE`;
