/**
 * Inputs that are almost the same, found without looking at all.
 *
 * Each input has a signature and 24 buckets that it shares with its like (near.signature.ts). Of a bucket at most 32
 * inputs are read, the newest ones, so what an input costs does not depend on how many there are: at most 768 short
 * rows. Known limit: where more than 32 inputs are almost the same as one, pairs with the oldest of them may be missed;
 * there are then as many pairs of newer ones.
 *
 * `putInputs` tells which inputs are new: an input is compared once, when its first case comes.
 */
export const putInputs = `
  INSERT INTO eval_input (project_id, dataset_id, input_hash, signature)
  SELECT $1, n.dataset_id, decode(n.input_hash, 'hex'), n.signature
  FROM unnest($2::uuid[], $3::text[], $4::bytea[]) WITH ORDINALITY AS n(dataset_id, input_hash, signature, place)
  ORDER BY n.place
  ON CONFLICT ON CONSTRAINT eval_input_once DO NOTHING
  RETURNING no, dataset_id AS "datasetId", encode(input_hash, 'hex') AS "inputHash"`;

export const putBands = `
  INSERT INTO eval_input_band (project_id, band, input_no)
  SELECT $1, n.band, n.input_no FROM unnest($2::bigint[], $3::bigint[]) AS n(band, input_no)
  ON CONFLICT ON CONSTRAINT eval_input_band_pkey DO NOTHING`;

/** The older inputs that share a bucket with these: $2 bands, $3 the input that each is of. */
export const likeInputs = `
  WITH found AS MATERIALIZED (
    SELECT DISTINCT n.input_no AS newer, b.input_no AS older
    FROM unnest($2::bigint[], $3::bigint[]) AS n(band, input_no)
    CROSS JOIN LATERAL (
      SELECT b.input_no FROM eval_input_band b
      WHERE b.project_id = $1 AND b.band = n.band AND b.input_no < n.input_no
      ORDER BY b.project_id DESC, b.band DESC, b.input_no DESC LIMIT 32
    ) b
  )
  SELECT f.newer, f.older, i.dataset_id AS "datasetId", i.signature
  FROM found f JOIN eval_input i ON i.project_id = $1 AND i.no = f.older`;

export const putPairs = `
  INSERT INTO eval_near (project_id, dataset_id, older_no, newer_no, percent)
  SELECT $1, n.dataset_id, n.older, n.newer, n.percent
  FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::smallint[]) AS n(dataset_id, older, newer, percent)
  ON CONFLICT ON CONSTRAINT eval_near_pkey DO NOTHING`;

/** The oldest live case with an input: it stands for all that have the same. */
const standsFor = (no: string) => `
  SELECT c.item_id FROM eval_input i
  JOIN eval_case c ON c.project_id = $1 AND c.dataset_id = $2 AND c.input_hash = i.input_hash AND NOT c.is_retracted
  WHERE i.project_id = $1 AND i.no = ${no} ORDER BY c.id LIMIT 1`;

const pair = `
  p.older_no AS "olderNo", p.newer_no AS "newerNo", p.percent, p.found_at AS "foundAt",
  p.distinct_reason AS "distinctReason", p.distinct_at AS "distinctAt",
  older.item_id AS "olderItemId", newer.item_id AS "newerItemId"`;

const cases = `
  CROSS JOIN LATERAL (${standsFor('p.older_no')}) older
  CROSS JOIN LATERAL (${standsFor('p.newer_no')}) newer`;

/** Pairs of live cases that nobody told apart, the most similar first, after ($3, $4, $5). */
export const openPairs = `
  SELECT ${pair} FROM eval_near p ${cases}
  WHERE p.project_id = $1 AND p.dataset_id = $2 AND p.distinct_at IS NULL
    AND (-p.percent, p.older_no, p.newer_no) > (-$3::int, $4::bigint, $5::bigint)
    AND p.percent <= $3
  ORDER BY p.percent DESC, p.older_no, p.newer_no LIMIT $6`;

/** How many they are, counted no further than a thousand. */
export const openPairsCount = `
  SELECT count(*)::int AS count FROM (
    SELECT FROM eval_near p ${cases}
    WHERE p.project_id = $1 AND p.dataset_id = $2 AND p.distinct_at IS NULL LIMIT 1000
  ) open`;

/** All pairs of one input, those told apart too: $3 its hash. */
export const pairsOfInput = `
  WITH own AS (
    SELECT i.no FROM eval_input i WHERE i.project_id = $1 AND i.dataset_id = $2 AND i.input_hash = decode($3, 'hex')
  )
  SELECT ${pair}, (SELECT no FROM own) AS "ownNo" FROM (
    SELECT n.* FROM own JOIN eval_near n ON n.project_id = $1 AND n.newer_no = own.no
    UNION ALL
    SELECT n.* FROM own JOIN eval_near n ON n.project_id = $1 AND n.older_no = own.no
  ) p ${cases}
  ORDER BY p.percent DESC, p.older_no, p.newer_no LIMIT $4`;

export const onePair = `
  SELECT ${pair} FROM eval_near p ${cases}
  WHERE p.project_id = $1 AND p.dataset_id = $2 AND p.older_no = $3 AND p.newer_no = $4`;

/** $5 who, $6 why; nulls take it back. Changes nothing where it is so already. */
export const tellApart = `
  UPDATE eval_near p
  SET distinct_by = $5, distinct_reason = $6, distinct_at = CASE WHEN $5::text IS NOT NULL THEN now() END
  WHERE p.project_id = $1 AND p.dataset_id = $2 AND p.older_no = $3 AND p.newer_no = $4
    AND (p.distinct_by IS NULL) <> ($5::text IS NULL)
  RETURNING p.older_no`;

/** A case's dataset and input, by its id: as many look-ups as the project has datasets. */
export const placeOfCase = `
  SELECT c.dataset_id AS "datasetId", encode(c.input_hash, 'hex') AS "inputHash"
  FROM dataset d JOIN eval_case c ON c.project_id = $1 AND c.dataset_id = d.id AND c.id = $2
  WHERE d.project_id = $1 AND c.input_hash IS NOT NULL`;

/** Other live cases with exactly the same input; counted no further than a thousand. */
export const sameInputs = `
  SELECT count(*)::int AS count FROM (
    SELECT FROM eval_case c
    WHERE c.project_id = $1 AND c.dataset_id = $2 AND c.input_hash = decode($3, 'hex') AND NOT c.is_retracted
      AND c.id <> $4 LIMIT 1000
  ) same`;
