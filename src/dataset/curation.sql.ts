/** What managers decide about cases. Each is about the content that the item's resolution makes now (`base_hash`). */

export const putRulings = `
  INSERT INTO eval_ruling (project_id, dataset_id, item_id, kind, base_hash, actor, reason)
  SELECT $1, $2, h.item_id, $4, h.base_hash, $5, $6 FROM eval_hold h
  WHERE h.project_id = $1 AND h.dataset_id = $2 AND h.item_id = ANY ($3::uuid[])
  ON CONFLICT ON CONSTRAINT eval_ruling_pkey DO UPDATE
    SET kind = excluded.kind, base_hash = excluded.base_hash, actor = excluded.actor, reason = excluded.reason,
      decided_at = now()`;

/** What waits behind items of which this input and these contents are. */
export const duplicatesOf = `
  SELECT h.item_id AS "itemId" FROM eval_hold h
  WHERE h.project_id = $1 AND h.dataset_id = $2 AND h.kind = 'DUPLICATE' AND h.input_hash = decode($3, 'hex')
    AND h.base_hash = ANY (ARRAY(SELECT decode(hash, 'hex') FROM unnest($4::text[]) AS hash))
  ORDER BY h.item_id`;

/** The content that a case has is not to be one. */
export const putDropOfCase = `
  INSERT INTO eval_ruling (project_id, dataset_id, item_id, kind, base_hash, actor, reason)
  SELECT $1, $2, c.item_id, 'DROPPED', coalesce(c.base_hash, c.content_hash), $4, $5 FROM eval_case c
  WHERE c.project_id = $1 AND c.dataset_id = $2 AND c.id = $3
  ON CONFLICT ON CONSTRAINT eval_ruling_pkey DO UPDATE
    SET kind = excluded.kind, base_hash = excluded.base_hash, actor = excluded.actor, reason = excluded.reason,
      decided_at = now()`;

/** A part that is null keeps what an earlier edit of the same content said; of other content only tags are kept. */
export const putEdit = `
  INSERT INTO eval_edit (project_id, dataset_id, item_id, base_hash, tags, assertions, alternatives, actor)
  VALUES ($1, $2, $3, decode($4, 'hex'), $5, $6, $7, $8)
  ON CONFLICT ON CONSTRAINT eval_edit_pkey DO UPDATE
    SET base_hash = excluded.base_hash, actor = excluded.actor, edited_at = now(),
      tags = coalesce(excluded.tags, eval_edit.tags),
      assertions = coalesce(excluded.assertions,
        CASE WHEN eval_edit.base_hash = excluded.base_hash THEN eval_edit.assertions END),
      alternatives = coalesce(excluded.alternatives,
        CASE WHEN eval_edit.base_hash = excluded.base_hash THEN eval_edit.alternatives END)`;

export const datasetByKey = `SELECT id FROM dataset WHERE project_id = $1 AND key = $2`;

export const heldItem = `
  SELECT kind FROM eval_hold WHERE project_id = $1 AND dataset_id = $2 AND item_id = $3`;

/** Those of the items named that wait in quarantine. */
export const heldItems = `
  SELECT item_id AS "itemId" FROM eval_hold
  WHERE project_id = $1 AND dataset_id = $2 AND kind = 'QUARANTINE' AND item_id = ANY ($3::uuid[]) ORDER BY item_id`;

/** Another one whenever an item comes, goes or is resolved otherwise: nobody decides about what they did not see. */
export const conflictVersion = `encode(sha256(string_agg(uuid_send(h.item_id) || h.base_hash, ''::bytea ORDER BY h.item_id)), 'hex')`;

export const versionOfConflict = `
  SELECT ${conflictVersion} AS version FROM eval_hold h
  WHERE h.project_id = $1 AND h.dataset_id = $2 AND h.kind = 'CONFLICT' AND h.input_hash = decode($3, 'hex')`;

export const conflictItems = `
  SELECT h.item_id AS "itemId", h.expected, encode(h.base_hash, 'hex') AS "baseHash" FROM eval_hold h
  WHERE h.project_id = $1 AND h.dataset_id = $2 AND h.kind = 'CONFLICT' AND h.input_hash = decode($3, 'hex')
  ORDER BY h.item_id`;

export const caseToEdit = `
  SELECT c.item_id AS "itemId", c.revision, c.is_retracted AS "isRetracted", encode(c.input_hash, 'hex') AS "inputHash",
    encode(coalesce(c.base_hash, c.content_hash), 'hex') AS "baseHash",
    r.record IS NOT NULL AND r.record::json -> 'expected' IS NOT NULL AS "hasExpected"
  FROM eval_case c
  JOIN eval_case_revision r
    ON r.project_id = $1 AND r.dataset_id = $2 AND r.case_id = c.id AND r.revision = c.revision
  WHERE c.project_id = $1 AND c.dataset_id = $2 AND c.id = $3`;
