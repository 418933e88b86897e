/**
 * What promotion reads and writes, a batch of items at a time.
 *
 * `sources`: for each given item and each dataset that its queue feeds, the state of the item now, together with the
 * case that there may be already. It reads the present, not the moment of the event: if an item was resolved again
 * before its first event was handled, the first event makes the newest content and the second finds nothing changed.
 * A dataset that a queue no longer feeds keeps and follows the cases that it has, and what waits to be one (the other
 * parts of `fed`).
 *
 * The datasets' rows are locked first: their positions and counts are moved at the end, and splits must not be changed
 * under a case that is being made.
 *
 * Known limit: a batch holds its payloads in memory; the caller bounds the number of items.
 */
export const lockDatasets = `
  SELECT id, salt, train_percent, validation_percent, test_percent, position,
    json_build_object('verdicts', bar_verdicts, 'minAgreement', bar_min_agreement, 'minReviewers', bar_min_reviewers,
      'adjudicatedPasses', bar_adjudicated_passes) AS bar
  FROM dataset WHERE project_id = $1 ORDER BY id FOR NO KEY UPDATE`;

export const sources = `
  WITH wanted AS (
    SELECT unnest($2::uuid[]) AS item_id
  ), fed AS (
    SELECT i.id AS item_id, f.dataset_id
    FROM wanted w
    JOIN item i ON i.project_id = $1 AND i.id = w.item_id
    JOIN dataset_queue f ON f.project_id = $1 AND f.queue_id = i.queue_id
    UNION
    SELECT c.item_id, c.dataset_id
    FROM wanted w
    JOIN eval_case c ON c.project_id = $1 AND c.item_id = w.item_id
    UNION
    SELECT h.item_id, h.dataset_id
    FROM wanted w
    JOIN eval_hold h ON h.project_id = $1 AND h.item_id = w.item_id
  )
  SELECT
    fed.dataset_id AS "datasetId", i.id AS "itemId", i.status,
    c.id AS "caseId", c.revision, encode(c.content_hash, 'hex') AS "contentHash", c.is_retracted AS "isRetracted",
    c.split, c.group_key AS "caseGroupKey", encode(c.base_hash, 'hex') AS "caseBaseHash", cr.tags AS "caseTags",
    encode(coalesce(c.input_hash, h.input_hash), 'hex') AS "inputHash",
    h.kind AS "holdKind", h.reasons AS "holdReasons", encode(h.base_hash, 'hex') AS "holdBaseHash",
    CASE WHEN u.kind IS NOT NULL THEN json_build_object('kind', u.kind, 'baseHash', encode(u.base_hash, 'hex'),
      'actor', u.actor, 'reason', u.reason, 'at', u.decided_at) END AS ruling,
    CASE WHEN d.actor IS NOT NULL THEN json_build_object('baseHash', encode(d.base_hash, 'hex'), 'tags', d.tags,
      'assertions', d.assertions, 'alternatives', d.alternatives, 'actor', d.actor, 'at', d.edited_at) END AS edit,
    q.key AS "queueKey", i.external_id AS "externalId", i.source, i.model_name AS "modelName",
    i.model_version AS "modelVersion", i.prompt_name AS "promptName", i.prompt_version AS "promptVersion",
    i.confidence, i.risk, i.reasons, i.signals, i.tags, i.group_key AS "groupKey", i.trace_id AS "traceId",
    i.policy_version AS "policyVersion", i.rule, i.created_at AS "flaggedAt",
    e.input, e.output, e.context,
    r.verdict, r.output IS NOT NULL AS "hasCorrection", r.output AS "correction", r.labels, r.by AS "resolvedBy",
    r.decided_by AS "decidedBy", r.agreement_metric AS "agreementMetric", r.agreement_value AS "agreementValue",
    r.resolved_at AS "resolvedAt", reviews.reviews
  FROM fed
  JOIN item i ON i.project_id = $1 AND i.id = fed.item_id
  JOIN queue q ON q.project_id = $1 AND q.id = i.queue_id
  LEFT JOIN eval_case c ON c.project_id = $1 AND c.dataset_id = fed.dataset_id AND c.item_id = fed.item_id
  LEFT JOIN eval_case_revision cr
    ON cr.project_id = $1 AND cr.dataset_id = fed.dataset_id AND cr.case_id = c.id AND cr.revision = c.revision
  LEFT JOIN eval_hold h ON h.project_id = $1 AND h.dataset_id = fed.dataset_id AND h.item_id = fed.item_id
  LEFT JOIN eval_ruling u ON u.project_id = $1 AND u.dataset_id = fed.dataset_id AND u.item_id = fed.item_id
  LEFT JOIN eval_edit d ON d.project_id = $1 AND d.dataset_id = fed.dataset_id AND d.item_id = fed.item_id
  LEFT JOIN evidence e ON e.project_id = $1 AND e.item_id = i.id
  LEFT JOIN resolution r ON r.project_id = $1 AND r.item_id = i.id
  CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(json_build_object('id', newest.id, 'memberId', newest.member_id,
             'verdict', newest.verdict, 'rubricVersion', newest.rubric_version) ORDER BY newest.slot), '[]') AS reviews
    FROM (
      SELECT DISTINCT ON (v.slot) v.slot, v.id, v.member_id, v.verdict, v.rubric_version
      FROM review v WHERE v.project_id = $1 AND v.item_id = i.id
      ORDER BY v.slot, v.revision DESC
    ) newest
  ) reviews
  ORDER BY fed.dataset_id, i.id`;

/** New cases, and what changed of known ones. */
export const putCases = `
  INSERT INTO eval_case (project_id, dataset_id, id, item_id, group_key, split, revision, content_hash, is_retracted,
    input_hash, base_hash, answers)
  SELECT $1, n.dataset_id, n.case_id, n.item_id, n.group_key, n.split, n.revision, decode(n.content_hash, 'hex'),
    n.is_retracted, decode(n.input_hash, 'hex'), decode(n.base_hash, 'hex'),
    ARRAY(SELECT decode(answer, 'hex') FROM json_array_elements_text(n.answers::json) AS answer)
  FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::int[], $8::text[], $9::bool[],
      $10::text[], $11::text[], $12::text[])
    AS n(dataset_id, case_id, item_id, group_key, split, revision, content_hash, is_retracted, input_hash, base_hash,
      answers)
  ON CONFLICT ON CONSTRAINT eval_case_pkey DO UPDATE
    SET revision = excluded.revision, content_hash = excluded.content_hash, is_retracted = excluded.is_retracted,
      input_hash = excluded.input_hash, base_hash = excluded.base_hash, answers = excluded.answers`;

/** Before the next ones are put: of each case one revision is the newest, and the database insists on it. */
export const endRevisions = `
  UPDATE eval_case_revision r SET next_position = n.position
  FROM unnest($2::uuid[], $3::uuid[], $4::int[], $5::bigint[]) AS n(dataset_id, case_id, revision, position)
  WHERE r.project_id = $1 AND r.dataset_id = n.dataset_id AND r.case_id = n.case_id AND r.revision = n.revision - 1`;

export const putRevisions = `
  INSERT INTO eval_case_revision
    (project_id, dataset_id, case_id, revision, position, content_hash, split, verdict, tags, record)
  SELECT $1, n.dataset_id, n.case_id, n.revision, n.position, decode(n.content_hash, 'hex'), n.split, n.verdict,
    ARRAY(SELECT json_array_elements_text(n.tags::json)), n.record
  FROM unnest($2::uuid[], $3::uuid[], $4::int[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
    AS n(dataset_id, case_id, revision, position, content_hash, split, verdict, tags, record)`;

/** How many cases a dataset has, its position and its largest record, moved with the cases themselves. */
export const moveDatasets = `
  UPDATE dataset d SET case_count = d.case_count + n.added, position = n.position,
    largest_record = greatest(d.largest_record, n.largest)
  FROM (
    SELECT dataset_id, sum(adds) AS added, max(position) AS position, max(bytes) AS largest
    FROM unnest($2::uuid[], $3::int[], $4::bigint[], $5::int[]) AS r(dataset_id, adds, position, bytes)
    GROUP BY dataset_id
  ) n
  WHERE d.project_id = $1 AND d.id = n.dataset_id`;

/** What a queue has resolved, by id, a page at a time. */
export const resolvedItems = `
  SELECT i.id FROM item i
  WHERE i.project_id = $1 AND i.queue_id = $2 AND i.id > $3 AND i.status = 'RESOLVED'
  ORDER BY i.id LIMIT $4`;
