/** $1 project, $2 queues, $3 first day, $4 the day after the last, $5 measures, $6 subject or null for each. */
export const BY_SUBJECT = {
  name: 'insight-by-subject',
  text: `
    SELECT t.subject, t.measure, '' AS day, t.bucket, sum(t.n)::float8 AS n
      FROM tally t
     WHERE t.project_id = $1 AND t.queue_id = ANY ($2::uuid[]) AND t.measure = ANY ($5::text[]) AND t.day >= $3::date AND t.day < $4::date
       AND ($6::text IS NULL OR t.subject = $6)
     GROUP BY t.subject, t.measure, t.bucket`,
};

/** $1 project, $2 queues, $3 first day, $4 the day after the last, $5 measures; people together. */
export const BY_DAY = {
  name: 'insight-by-day',
  text: `
    SELECT '' AS subject, t.measure, t.day::text AS day, t.bucket, sum(t.n)::float8 AS n
      FROM tally t
     WHERE t.project_id = $1 AND t.queue_id = ANY ($2::uuid[]) AND t.measure = ANY ($5::text[]) AND t.day >= $3::date AND t.day < $4::date
     GROUP BY t.measure, t.day, t.bucket`,
};

/**
 * $1 project, $2 queues, $3 first day, $4 the day after the last, $5 measures of one kind of version, $6 how many versions
 * at most: those with the most items. Known limit: where every item names a version of its own, there is a row for each.
 */
export const VERSIONS_BY_DAY = {
  name: 'insight-versions-by-day',
  text: `
    WITH days AS MATERIALIZED (
      SELECT t.subject, t.measure, t.day, sum(t.n) AS n FROM tally t
       WHERE t.project_id = $1 AND t.queue_id = ANY ($2::uuid[]) AND t.measure = ANY ($5::text[])
         AND t.day >= $3::date AND t.day < $4::date
       GROUP BY t.subject, t.measure, t.day HAVING sum(t.n) <> 0
    ), most AS (
      SELECT subject, row_number() OVER (ORDER BY sum(n) DESC, subject) AS place
        FROM days GROUP BY subject ORDER BY place LIMIT $6
    )
    SELECT d.subject, d.measure, d.day::text AS day, 0 AS bucket, d.n::float8 AS n
      FROM most m JOIN days d USING (subject) ORDER BY m.place, d.day`,
};

/** $1 project, $2 queues. Items that have no final answer yet. */
export const OPEN_NOW = {
  name: 'insight-open-now',
  text: `
    SELECT coalesce(sum(c.open + c.needs_adjudication), 0)::float8 AS open
      FROM queue_count c WHERE c.project_id = $1 AND c.queue_id = ANY ($2::uuid[])`,
};
