/**
 * Counters of queues. They are a fold over the log, so that no write path touches them: one counter row for all writers
 * of a queue would make them wait for each other. They lag behind the tables by as much as the log does.
 */

/** $1 project, $2 queues, $3 … $8 what to add, in the order of COUNTS. Sorted: two folds lock rows in one order. */
export const ADD_COUNTS = {
  name: 'insight-add-counts',
  text: `
    INSERT INTO queue_count AS c (project_id, queue_id, open, leased, needs_adjudication, resolved, withdrawn, reviews)
    SELECT $1, d.*
      FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])
           AS d (queue_id, open, leased, needs_adjudication, resolved, withdrawn, reviews)
     ORDER BY d.queue_id
    ON CONFLICT (project_id, queue_id) DO UPDATE
       SET open = c.open + excluded.open, leased = c.leased + excluded.leased,
           needs_adjudication = c.needs_adjudication + excluded.needs_adjudication,
           resolved = c.resolved + excluded.resolved, withdrawn = c.withdrawn + excluded.withdrawn,
           reviews = c.reviews + excluded.reviews`,
};

/**
 * $1 project, $2 queues. The figures of several queues in one statement. `overdue` and `oldest_open_at` depend on the
 * time and on the head of the queue, so they are read from two partial indexes that hold waiting items only.
 * Known limit: `overdue` is counted one by one; a queue with a million overdue items takes about a fifth of a second.
 */
export const STATS = {
  name: 'insight-queue-stats',
  text: `
    SELECT q.id AS queue_id, coalesce(c.open, 0)::float8 AS open, coalesce(c.leased, 0)::float8 AS leased,
           coalesce(c.needs_adjudication, 0)::float8 AS needs_adjudication, coalesce(c.resolved, 0)::float8 AS resolved,
           (SELECT count(*) FROM item i
             WHERE i.project_id = $1 AND i.queue_id = q.id AND i.status IN ('OPEN', 'NEEDS_ADJUDICATION')
               AND i.due_at < now())::float8 AS overdue,
           (SELECT i.created_at FROM item i
             WHERE i.project_id = $1 AND i.queue_id = q.id AND i.status IN ('OPEN', 'NEEDS_ADJUDICATION')
             ORDER BY i.created_at, i.id LIMIT 1) AS oldest_open_at
      FROM unnest($2::uuid[]) AS q (id)
      LEFT JOIN queue_count c ON c.project_id = $1 AND c.queue_id = q.id`,
};

/** $1 project. The same counts from the tables themselves. */
export const COUNT_TABLES = `
  SELECT queue_id, sum(open)::float8 AS open, sum(leased)::float8 AS leased,
         sum(needs_adjudication)::float8 AS needs_adjudication, sum(resolved)::float8 AS resolved,
         sum(withdrawn)::float8 AS withdrawn, sum(reviews)::float8 AS reviews
    FROM (
      SELECT i.queue_id, count(*) FILTER (WHERE i.status = 'OPEN') AS open, 0 AS leased,
             count(*) FILTER (WHERE i.status = 'NEEDS_ADJUDICATION') AS needs_adjudication,
             count(*) FILTER (WHERE i.status = 'RESOLVED') AS resolved,
             count(*) FILTER (WHERE i.status = 'WITHDRAWN') AS withdrawn, 0 AS reviews
        FROM item i WHERE i.project_id = $1 GROUP BY i.queue_id
       UNION ALL
      SELECT a.queue_id, 0, count(*), 0, 0, 0, 0 FROM assignment a WHERE a.project_id = $1 GROUP BY a.queue_id
       UNION ALL
      SELECT r.queue_id, 0, 0, 0, 0, 0, count(*) FROM review r WHERE r.project_id = $1 AND r.revision = 0 GROUP BY r.queue_id
    ) parts
   GROUP BY queue_id`;

/** $1 project. The counts as they are kept. */
export const KEPT_COUNTS = `
  SELECT c.queue_id, c.open::float8 AS open, c.leased::float8 AS leased,
         c.needs_adjudication::float8 AS needs_adjudication, c.resolved::float8 AS resolved,
         c.withdrawn::float8 AS withdrawn, c.reviews::float8 AS reviews
    FROM queue_count c WHERE c.project_id = $1`;

/** $1 project. Changes that are committed and have no place in the log yet. */
export const NOT_YET_COUNTED = `
  SELECT o.kind, o.item_id AS "itemId", o.queue_id AS "queueId", o.data FROM outbox o WHERE o.project_id = $1`;
