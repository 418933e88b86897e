import { bucketOfSql } from './histogram.js';
import { reviewsOfItem } from './review-lookup.sql.js';

const day = (at: string): string => `(${at} AT TIME ZONE 'UTC')::date`;

/** A version as a subject, `["name", "version"]`; one that no index entry could hold, by hashes. */
const version = (name: string): string => `CASE
  WHEN octet_length(json_build_array(i.${name}_name, i.${name}_version)::text) <= 2000
  THEN json_build_array(i.${name}_name, i.${name}_version)::text
  ELSE json_build_array('md5 ' || md5(i.${name}_name), 'md5 ' || md5(i.${name}_version))::text END`;

/** To milliseconds, as events are read into this process: then both counts agree. */
const resolvedMs = (at: string): string =>
  `extract(epoch FROM date_trunc('milliseconds', ${at}) - i.created_at) * 1000`;

/**
 * What events change in `tally`: $1 project, $2 the events (see TallyEvent), $3 the place in the log before which events
 * are earlier than these.
 *
 * What an event does not tell is read from rows that never change (a review, an item's arrival and versions), so it does
 * not matter how far the tables are ahead of the log. A revised final answer takes back what its predecessor, the last
 * ITEM_RESOLVED before it, had added.
 *
 * The plan is kept, and was perhaps made while the tables were empty. So each look-up is one of a key (OFFSET 0, nothing
 * else in its condition, the order of that key), and nothing is joined by itself.
 *
 * Known limit: if that predecessor is no longer kept in the log, the revised answer is added and nothing taken back.
 */
const changes = `
WITH e AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($2::jsonb) AS x(n integer, kind text, queue_id uuid, item_id uuid, at timestamptz,
                                                   member_id uuid, review_id uuid, verdict text, revision integer,
                                                   is_right boolean)
), answered AS MATERIALIZED (
  SELECT e.*, i.created_at, i.model, i.prompt, CASE WHEN e.revision > 0 THEN coalesce(
           (SELECT p.verdict FROM e p
             WHERE p.item_id = e.item_id AND p.kind = 'ITEM_RESOLVED' AND p.n < e.n ORDER BY p.n DESC LIMIT 1),
           (SELECT v.data ->> 'verdict' FROM event v
             WHERE v.project_id = $1 AND v.item_id = e.item_id AND v.seq < $3 AND v.kind = 'ITEM_RESOLVED'
             ORDER BY v.seq DESC LIMIT 1)) END AS earlier
    FROM e CROSS JOIN LATERAL (
           SELECT i.created_at, CASE WHEN i.model_name IS NOT NULL THEN ${version('model')} END AS model,
                  CASE WHEN i.prompt_name IS NOT NULL THEN ${version('prompt')} END AS prompt, i.is_gold
             FROM item i WHERE i.project_id = $1 AND i.id = e.item_id OFFSET 0) i
   WHERE e.kind = 'ITEM_RESOLVED' AND NOT i.is_gold
), outcome AS (
  SELECT queue_id, verdict, created_at, model, prompt, 1 AS weight FROM answered
   UNION ALL
  SELECT queue_id, earlier, created_at, model, prompt, -1 FROM answered WHERE earlier IS NOT NULL
), given AS MATERIALIZED (
  SELECT a.revision, a.verdict AS final, a.earlier, r.queue_id, r.member_id::text AS member, r.verdict,
         ${day('r.submitted_at')} AS day, count(*) OVER (PARTITION BY a.n) - 1 AS peers,
         count(*) OVER (PARTITION BY a.n, r.verdict) - 1 AS same
    FROM answered a CROSS JOIN LATERAL ${reviewsOfItem('a.item_id')} r
   WHERE r.revision = 0
), change (queue_id, measure, day, subject, bucket, n) AS (
  SELECT queue_id, CASE kind WHEN 'ITEM_FLAGGED' THEN 'ARRIVED' ELSE 'WITHDRAWN' END, ${day('at')}, '', 0::smallint, 1
    FROM e WHERE kind IN ('ITEM_FLAGGED', 'ITEM_WITHDRAWN')
   UNION ALL
  SELECT queue_id, substr(kind, 12), ${day('at')}, member_id::text, 0, 1
    FROM e WHERE kind IN ('ASSIGNMENT_RELEASED', 'ASSIGNMENT_SKIPPED', 'ASSIGNMENT_EXPIRED')
   UNION ALL
  SELECT queue_id, kind, ${day('at')}, member_id::text, 0, 1
    FROM e WHERE kind IN ('GOLD_RELEASED', 'GOLD_SKIPPED', 'GOLD_EXPIRED', 'GOLD_RESOLVED')
   UNION ALL
  SELECT queue_id, CASE WHEN is_right THEN 'GOLD_RIGHT' ELSE 'GOLD_WRONG' END, ${day('at')}, member_id::text, 0, 1
    FROM e WHERE kind = 'GOLD_SUBMITTED'
   UNION ALL
  SELECT r.queue_id, CASE e.kind WHEN 'REVIEW_SUBMITTED' THEN 'REVIEW_MS' ELSE 'GOLD_MS' END, ${day('r.submitted_at')},
         r.member_id::text, ${bucketOfSql('r.duration_ms')}, 1
    FROM e CROSS JOIN LATERAL ${reviewsOfItem('e.item_id')} r
   WHERE e.kind IN ('REVIEW_SUBMITTED', 'GOLD_SUBMITTED') AND r.id = e.review_id AND r.revision = 0
   UNION ALL
  SELECT i.queue_id, 'RESOLVED_MS', ${day('i.at')}, '', ${bucketOfSql(resolvedMs('i.at'))}, 1
    FROM answered i WHERE i.revision = 0
   UNION ALL
  SELECT queue_id, CASE WHEN verdict = final THEN 'RESOLUTION_SAME' ELSE 'RESOLUTION_OTHER' END, day, member, 0, 1
    FROM given
   UNION ALL
  SELECT queue_id, CASE WHEN verdict = earlier THEN 'RESOLUTION_SAME' ELSE 'RESOLUTION_OTHER' END, day, member, 0, -1
    FROM given WHERE earlier IS NOT NULL
   UNION ALL
  SELECT queue_id, 'PEER_SAME', day, member, 0, same FROM given WHERE revision = 0
   UNION ALL
  SELECT queue_id, 'PEER_OTHER', day, member, 0, peers - same FROM given WHERE revision = 0
   UNION ALL
  SELECT queue_id, 'MODEL_' || verdict, ${day('created_at')}, model, 0, weight FROM outcome WHERE model IS NOT NULL
   UNION ALL
  SELECT queue_id, 'PROMPT_' || verdict, ${day('created_at')}, prompt, 0, weight FROM outcome WHERE prompt IS NOT NULL
), summed AS (
  SELECT queue_id, measure, day, subject, bucket, sum(n) AS n
    FROM change GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0
)`;

/** Sorted, so that two folds lock rows in one order. */
export const ADD_TALLIES = {
  name: 'insight-add-tallies',
  text: `${changes}
INSERT INTO tally AS t (project_id, queue_id, measure, day, subject, bucket, n)
SELECT $1, * FROM summed ORDER BY queue_id, measure, day, subject, bucket
ON CONFLICT (project_id, queue_id, measure, day, subject, bucket) DO UPDATE SET n = t.n + excluded.n`,
};

const row = `queue_id, measure, day::text AS day, subject, bucket, n::float8 AS n`;

/** The same changes, only told. */
export const TELL_TALLIES = `${changes} SELECT ${row} FROM summed`;

/** $1 project. Sums as they are kept. */
export const KEPT_TALLIES = `SELECT ${row} FROM tally WHERE project_id = $1 AND n <> 0`;

/** $1 project. Changes that are committed and have no place in the log yet. */
export const NOT_YET_TALLIED = `
  SELECT o.kind, o.item_id AS "itemId", o.queue_id AS "queueId", o.data, o.at
    FROM outbox o WHERE o.project_id = $1 ORDER BY o.id`;

/**
 * $1 project. The same sums counted again: from the tables what they hold, the rest from the log and what
 * waits to get into it, which alone remember it.
 */
export const COUNT_AGAIN = `
WITH told AS (
  SELECT v.kind, v.item_id, v.queue_id, v.data, v.at FROM event v WHERE v.project_id = $1
   UNION ALL
  SELECT o.kind, o.item_id, o.queue_id, o.data, o.at FROM outbox o WHERE o.project_id = $1
), counted (queue_id, measure, day, subject, bucket) AS (
  SELECT r.queue_id, CASE WHEN r.slot < 0 THEN 'GOLD_MS' ELSE 'REVIEW_MS' END, ${day('r.submitted_at')},
         r.member_id::text, ${bucketOfSql('r.duration_ms')}
    FROM review r WHERE r.project_id = $1 AND r.revision = 0
   UNION ALL
  SELECT c.queue_id, CASE WHEN c.is_right THEN 'GOLD_RIGHT' ELSE 'GOLD_WRONG' END, ${day('r.submitted_at')},
         c.member_id::text, 0
    FROM gold_item c JOIN review r ON r.project_id = $1 AND r.item_id = c.item_id AND r.revision = 0
   WHERE c.project_id = $1 AND c.is_right IS NOT NULL
   UNION ALL
  SELECT c.queue_id, 'GOLD_RESOLVED', ${day('s.resolved_at')}, c.member_id::text, 0
    FROM gold_item c JOIN resolution s ON s.project_id = $1 AND s.item_id = c.item_id WHERE c.project_id = $1
   UNION ALL
  SELECT r.queue_id, CASE WHEN r.verdict = s.verdict THEN 'RESOLUTION_SAME' ELSE 'RESOLUTION_OTHER' END,
         ${day('r.submitted_at')}, r.member_id::text, 0
    FROM review r JOIN resolution s ON s.project_id = $1 AND s.item_id = r.item_id
   WHERE r.project_id = $1 AND r.revision = 0 AND r.slot >= 0
   UNION ALL
  SELECT r.queue_id, CASE WHEN r.verdict = p.verdict THEN 'PEER_SAME' ELSE 'PEER_OTHER' END,
         ${day('r.submitted_at')}, r.member_id::text, 0
    FROM review r
    JOIN review p ON p.project_id = $1 AND p.item_id = r.item_id AND p.revision = 0 AND p.member_id <> r.member_id
    JOIN resolution s ON s.project_id = $1 AND s.item_id = r.item_id
   WHERE r.project_id = $1 AND r.revision = 0
   UNION ALL
  SELECT i.queue_id, 'MODEL_' || s.verdict, ${day('i.created_at')}, ${version('model')}, 0
    FROM item i JOIN resolution s ON s.project_id = $1 AND s.item_id = i.id
   WHERE i.project_id = $1 AND i.model_name IS NOT NULL AND NOT i.is_gold
   UNION ALL
  SELECT i.queue_id, 'PROMPT_' || s.verdict, ${day('i.created_at')}, ${version('prompt')}, 0
    FROM item i JOIN resolution s ON s.project_id = $1 AND s.item_id = i.id
   WHERE i.project_id = $1 AND i.prompt_name IS NOT NULL AND NOT i.is_gold
   UNION ALL
  SELECT v.queue_id, CASE v.kind WHEN 'ITEM_FLAGGED' THEN 'ARRIVED' WHEN 'ITEM_WITHDRAWN' THEN 'WITHDRAWN'
                                 WHEN 'GOLD_RELEASED' THEN v.kind WHEN 'GOLD_SKIPPED' THEN v.kind
                                 WHEN 'GOLD_EXPIRED' THEN v.kind ELSE substr(v.kind, 12) END,
         ${day('v.at')}, CASE WHEN v.kind LIKE 'ITEM%' THEN '' ELSE v.data ->> 'memberId' END, 0
    FROM told v
   WHERE v.queue_id IS NOT NULL AND v.item_id IS NOT NULL
     AND v.kind IN ('ITEM_FLAGGED', 'ITEM_WITHDRAWN', 'ASSIGNMENT_RELEASED', 'ASSIGNMENT_SKIPPED', 'ASSIGNMENT_EXPIRED',
                    'GOLD_RELEASED', 'GOLD_SKIPPED', 'GOLD_EXPIRED')
   UNION ALL
  SELECT v.queue_id, 'RESOLVED_MS', ${day('v.at')}, '', ${bucketOfSql(resolvedMs('v.at'))}
    FROM told v JOIN item i ON i.project_id = $1 AND i.id = v.item_id
   WHERE v.kind = 'ITEM_RESOLVED' AND NOT i.is_gold AND coalesce(v.data ->> 'revision', '0') = '0'
), summed AS (
  SELECT queue_id, measure, day, subject, bucket, count(*) AS n FROM counted GROUP BY 1, 2, 3, 4, 5
)
SELECT ${row} FROM summed`;

/** $1 project. The first day that the log still holds whole; null if it holds all. Measures that are read from it. */
export const WHOLE_SINCE = `
  SELECT CASE WHEN h.oldest_seq > 1 THEN coalesce(
           (SELECT ${day('v.at')} + 1 FROM event v WHERE v.project_id = $1 ORDER BY v.seq LIMIT 1), 'infinity')::text
         END AS since
    FROM log_head h WHERE h.project_id = $1`;
export const FROM_THE_LOG = new Set([
  'ARRIVED',
  'WITHDRAWN',
  'RESOLVED_MS',
  'SKIPPED',
  'RELEASED',
  'EXPIRED',
  'GOLD_SKIPPED',
  'GOLD_RELEASED',
  'GOLD_EXPIRED',
]);
