/** Roughly how many flags of a project ($1) the last $2 days have: what the planner thinks, which costs nothing. */
export const ESTIMATE = `
EXPLAIN (FORMAT JSON)
SELECT FROM flag f WHERE f.project_id = $1 AND f.flagged_at >= now() - make_interval(days => $2::integer)`;

/**
 * What policies saw in the last $2 days, at most $3 rows; with a share below 1, the rows of as many pages of the table.
 *
 * Whole pages are taken, so neighbours come together; over some thousand rows that is even. REPEATABLE: the same rules
 * asked twice meet the same outputs. Known limit: pages of other projects and days are read and left out, so the
 * statement may run out of its time where a small project shares a very large table.
 */
export function flagsSql(share: number): string {
  const sample = share < 1 ? `TABLESAMPLE SYSTEM (${(share * 100).toFixed(6)}) REPEATABLE (1)` : '';
  return `
SELECT f.external_id, f.seen, f.decision, f.rule IS NULL AS is_named, (f.flagged_at AT TIME ZONE 'UTC')::date::text AS day
  FROM flag f ${sample}
 WHERE f.project_id = $1 AND f.flagged_at >= now() - make_interval(days => $2::integer)
 LIMIT $3`;
}

/** Queues by key, with how long their reviews took in the last 90 days, by bucket; see histogram.ts. $1 project, $2 keys. */
export const REVIEW_TIMES = `
SELECT q.key, q.reviews_required, t.bucket, t.n
  FROM queue q
  LEFT JOIN LATERAL (
    SELECT t.bucket, sum(t.n)::float8 AS n FROM tally t
     WHERE t.project_id = $1 AND t.queue_id = q.id AND t.measure = 'REVIEW_MS' AND t.day > (now() AT TIME ZONE 'UTC')::date - 90
     GROUP BY t.bucket
  ) t ON true
 WHERE q.project_id = $1 AND q.key = ANY ($2::text[])
 ORDER BY q.key`;
