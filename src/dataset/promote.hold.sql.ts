/**
 * What promotion knows of items that wait, a batch at a time.
 *
 * `sameInput`: who else asks the same as these in the same dataset: live cases, what waits in a conflict already, and of
 * the duplicates of each of them (and of what is asked for: $5 base hashes) the oldest, which takes its place when it
 * goes. Those in quarantine take no part: nobody has said yet that their answer is good enough to contradict another.
 *
 * What it costs does not grow with the duplicates: an application may send one greeting a million times.
 */
export const sameInput = `
  WITH asked AS (
    SELECT a.dataset_id, decode(a.input_hash, 'hex') AS input_hash, decode(a.base_hash, 'hex') AS base_hash
    FROM unnest($2::uuid[], $3::text[], $5::text[]) AS a(dataset_id, input_hash, base_hash)
  ), standing AS (
    SELECT a.dataset_id, a.input_hash, m.*
    FROM (SELECT DISTINCT dataset_id, input_hash FROM asked) a
    CROSS JOIN LATERAL (
      SELECT c.item_id, 'CASE' AS now, coalesce(c.base_hash, c.content_hash) AS base_hash, c.answers FROM eval_case c
      WHERE c.project_id = $1 AND c.dataset_id = a.dataset_id AND c.input_hash = a.input_hash AND NOT c.is_retracted
      UNION ALL
      SELECT h.item_id, 'CONFLICT', h.base_hash, h.answers FROM eval_hold h
      WHERE h.project_id = $1 AND h.dataset_id = a.dataset_id AND h.input_hash = a.input_hash AND h.kind = 'CONFLICT'
    ) m
  ), bases AS (
    SELECT dataset_id, input_hash, base_hash FROM standing UNION SELECT dataset_id, input_hash, base_hash FROM asked
  ), members AS (
    SELECT * FROM standing
    UNION ALL
    SELECT b.dataset_id, b.input_hash, h.item_id, 'DUPLICATE', b.base_hash, h.answers
    FROM bases b CROSS JOIN LATERAL (
      SELECT h.item_id, h.answers FROM eval_hold h
      WHERE h.project_id = $1 AND h.dataset_id = b.dataset_id AND h.input_hash = b.input_hash
        AND h.base_hash = b.base_hash AND h.kind = 'DUPLICATE' AND h.item_id <> ALL ($4::uuid[])
      ORDER BY h.item_id LIMIT 1
    ) h
  )
  SELECT m.dataset_id AS "datasetId", encode(m.input_hash, 'hex') AS "inputHash", m.item_id AS "itemId", m.now,
    encode(m.base_hash, 'hex') AS "baseHash",
    ARRAY(SELECT encode(answer, 'hex') FROM unnest(m.answers) AS answer) AS answers,
    EXISTS (SELECT FROM eval_edit d WHERE d.project_id = $1 AND d.dataset_id = m.dataset_id AND d.item_id = m.item_id
      AND (d.base_hash = m.base_hash OR d.tags IS NOT NULL)) AS "isEdited"
  FROM members m
  WHERE m.item_id <> ALL ($4::uuid[])
  ORDER BY m.item_id`;

/** Since when it waits is kept while it waits for the same kind of decision. */
export const putHolds = `
  INSERT INTO eval_hold (project_id, dataset_id, item_id, kind, reasons, verdict, expected, input_hash, base_hash, answers)
  SELECT $1, n.dataset_id, n.item_id, n.kind, ARRAY(SELECT json_array_elements_text(n.reasons::json)), n.verdict,
    n.expected::json, decode(n.input_hash, 'hex'), decode(n.base_hash, 'hex'),
    ARRAY(SELECT decode(answer, 'hex') FROM json_array_elements_text(n.answers::json) AS answer)
  FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
    AS n(dataset_id, item_id, kind, reasons, verdict, expected, input_hash, base_hash, answers)
  ON CONFLICT ON CONSTRAINT eval_hold_pkey DO UPDATE
    SET kind = excluded.kind, reasons = excluded.reasons, verdict = excluded.verdict, expected = excluded.expected,
      input_hash = excluded.input_hash, base_hash = excluded.base_hash, answers = excluded.answers,
      held_at = CASE WHEN eval_hold.kind = excluded.kind THEN eval_hold.held_at ELSE now() END`;

export const dropHolds = `
  DELETE FROM eval_hold h
  USING unnest($2::uuid[], $3::uuid[]) AS n(dataset_id, item_id)
  WHERE h.project_id = $1 AND h.dataset_id = n.dataset_id AND h.item_id = n.item_id`;

/** What waits for the bar, by item, a page at a time. */
export const waitingItems = `
  SELECT h.item_id AS id FROM eval_hold h
  WHERE h.project_id = $1 AND h.dataset_id = $2 AND h.kind = 'QUARANTINE' AND h.item_id > $3
  ORDER BY h.item_id LIMIT $4`;
