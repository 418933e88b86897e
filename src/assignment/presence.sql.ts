/*
 * Who is there to be given work: a row for each socket that takes it. $1 is the project. A row ends with its socket; if
 * the process was killed, by the database's clock, and any process removes it. The log is told when the first socket of a
 * member comes and when the last one goes.
 *
 * Statements that change several rows lock them in the order of their ids.
 *
 * Known limit: two last sockets of one member that close at the same instant in two processes may each see the other;
 * then nobody is told that the member left, though whoever asks sees it.
 */

/** $2 row, $3 member, $4 queues or null for all, $5 capacity, $6 seconds. The same again after it was taken for dead. */
export const announceSql = `
WITH before AS MATERIALIZED (
  SELECT count(*) AS sockets FROM presence p WHERE p.project_id = $1 AND p.member_id = $3
), came AS (
  INSERT INTO presence AS p (project_id, id, member_id, queues, capacity, expires_at)
  VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))
  ON CONFLICT (project_id, id) DO UPDATE SET expires_at = excluded.expires_at
)
INSERT INTO outbox (project_id, kind, actor, data)
SELECT $1, 'REVIEWER_ARRIVED', 'member:' || $3::uuid, json_build_object('memberId', $3::uuid) FROM before WHERE sockets = 0
RETURNING id`;

/** $2 rows, $3 seconds; returns those that are still there. */
export const renewPresenceSql = `
WITH mine AS MATERIALIZED (
  SELECT p.id FROM presence p WHERE p.project_id = $1 AND p.id = ANY ($2::uuid[]) ORDER BY p.id FOR NO KEY UPDATE
)
UPDATE presence p SET expires_at = now() + make_interval(secs => $3) FROM mine
 WHERE p.project_id = $1 AND p.id = mine.id RETURNING p.id`;

const gone = (which: string): string => `
WITH over AS MATERIALIZED (
  SELECT p.id, p.member_id FROM presence p WHERE p.project_id = $1 AND ${which} ORDER BY p.id FOR UPDATE SKIP LOCKED
), gone AS (
  DELETE FROM presence p USING over WHERE p.project_id = $1 AND p.id = over.id
)
INSERT INTO outbox (project_id, kind, actor, data)
SELECT $1, 'REVIEWER_LEFT', 'member:' || member_id, json_build_object('memberId', member_id)
  FROM (SELECT DISTINCT member_id FROM over) over_once
 WHERE NOT EXISTS (SELECT FROM presence o WHERE o.project_id = $1 AND o.member_id = over_once.member_id
                      AND o.id NOT IN (SELECT id FROM over))
RETURNING id`;

/** $2 rows whose sockets are closed. */
export const leaveSql = gone('p.id = ANY ($2::uuid[])').replace(' SKIP LOCKED', '');

/** Rows that no process renews any more. */
export const forgetPresenceSql = gone('p.expires_at <= now()');

/** $2 member: they did something after a lease of theirs ran out, so they are given work again. */
export const backSql = `
WITH away AS MATERIALIZED (
  SELECT p.id FROM presence p WHERE p.project_id = $1 AND p.member_id = $2 AND p.is_away ORDER BY p.id FOR NO KEY UPDATE
), back AS (
  UPDATE presence p SET is_away = false FROM away WHERE p.project_id = $1 AND p.id = away.id RETURNING p.member_id
)
INSERT INTO outbox (project_id, kind, actor, data)
SELECT $1, 'REVIEWER_BACK', 'member:' || member_id, json_build_object('memberId', member_id)
  FROM (SELECT DISTINCT member_id FROM back) once
RETURNING id`;

/**
 * Part of the statement that puts back leases, `ended`: whoever let one run out that they got since they came is away. A
 * page claims while it arrives, so what it got a minute before counts too.
 */
export const awayCte = `
away AS (
  UPDATE presence p SET is_away = true
    FROM (SELECT o.id FROM presence o
           WHERE o.project_id = $1 AND NOT o.is_away
             AND EXISTS (SELECT FROM ended e WHERE e.member_id = o.member_id AND e.claimed_at >= o.since - interval '1 minute')
           ORDER BY o.id FOR NO KEY UPDATE) late
   WHERE p.project_id = $1 AND p.id = late.id
)`;

/** The members $2 who are there, each once however many sockets they have. */
export const presentSql = `
SELECT p.member_id, min(p.since) AS since, bool_and(p.is_away) AS is_away, max(p.capacity)::integer AS capacity,
       CASE WHEN bool_and(p.queues IS NOT NULL) THEN
         ARRAY(SELECT DISTINCT key FROM presence o CROSS JOIN LATERAL unnest(o.queues) key
                WHERE o.project_id = $1 AND o.member_id = p.member_id AND o.expires_at > now() ORDER BY key) END AS queues,
       (SELECT count(*)::integer FROM assignment a
         WHERE a.project_id = $1 AND a.member_id = p.member_id AND a.lease_expires_at > now()) AS holding
  FROM presence p
 WHERE p.project_id = $1 AND p.member_id = ANY ($2::uuid[]) AND p.expires_at > now()
 GROUP BY p.member_id`;
