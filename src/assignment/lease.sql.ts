import { draftColumns } from './draft.sql.js';
import { leaseEvent } from './gold.sql.js';
import { awayCte } from './presence.sql.js';

/**
 * What may happen to a lease besides being submitted: renew, save a draft under it, release, run out.
 *
 * Each write-back repeats the fence, in the statement that writes: this assignment, this member, this token, not run
 * out by the database's clock. No row means that the lease is lost, and the caller finds out why (lapse.sql.ts). A
 * lease that has run out is lost even if nobody has been offered its slot yet: one rule, the same on every path.
 *
 * A slot that comes back gets its ticket with its ORIGINAL rank, so it stands where it stood. The ticket comes back
 * only to an item that is open. That is read, not locked: an item that is withdrawn at this instant may keep a
 * ticket, which the next claim deletes (claim.sql.ts). The slot -1 of a known answer has none: gold.sql.ts offers it again.
 */
const fence = `a.project_id = $1 AND a.id = $2 AND a.member_id = $3 AND a.lease_token = $4 AND a.lease_expires_at > now()`;

/** As a value, so that no plan looks for open items first; see claim.sql.ts. */
const isOpen = (lease: string): string =>
  `(SELECT i.status FROM item i WHERE i.project_id = $1 AND i.id = ${lease}.item_id) = 'OPEN'`;

/** From now on by the lease that the assignment was given; not on an item that has its answer. */
export const renewSql = `
WITH renewed AS (
  UPDATE assignment a SET lease_expires_at = now() + make_interval(secs => a.lease_seconds)
   WHERE ${fence} AND ${isOpen('a')}
  RETURNING a.*
)
SELECT r.*, ${draftColumns}
  FROM renewed r LEFT JOIN draft d ON d.project_id = $1 AND d.item_id = r.item_id AND d.member_id = r.member_id`;

/** The draft is replaced whole: it is what the form holds now. */
export const saveDraftSql = `
WITH held AS (
  SELECT a.* FROM assignment a WHERE ${fence} AND ${isOpen('a')}
), d AS (
  INSERT INTO draft (project_id, item_id, member_id, verdict, corrected_output, labels, comment, saved_at)
  SELECT $1, item_id, member_id, $5, $6::json, $7::json, $8, now() FROM held
  ON CONFLICT (project_id, item_id, member_id) DO UPDATE
     SET verdict = excluded.verdict, corrected_output = excluded.corrected_output, labels = excluded.labels,
         comment = excluded.comment, saved_at = excluded.saved_at
  RETURNING *
)
SELECT h.*, ${draftColumns} FROM held h CROSS JOIN d`;

/** Whether the queue asks why an item is skipped; no row for a lease that does not hold. */
export const skipRuleSql = `
SELECT q.skip_reason_required FROM assignment a JOIN queue q ON q.project_id = $1 AND q.id = a.queue_id WHERE ${fence}`;

const putBack = (ended: string): string => `
back AS (
  INSERT INTO ticket (project_id, lane_id, rank, item_id, slot)
  SELECT $1, e.lane_id, e.rank, e.item_id, e.slot
    FROM ${ended} e WHERE e.slot >= 0 AND ${isOpen('e')}
  ON CONFLICT DO NOTHING
)`;

/** $5: the item shall not come to this member again; $6: why, as the member put it. */
export const releaseSql = `
WITH ended AS (
  DELETE FROM assignment a WHERE ${fence} RETURNING a.*
), ${putBack('ended')},
skipped AS (
  INSERT INTO skip (project_id, member_id, item_id, reason)
  SELECT $1, member_id, item_id, $6 FROM ended WHERE $5::boolean
  ON CONFLICT DO NOTHING
), lapsed AS (
  INSERT INTO lapse (project_id, assignment_id, item_id, member_id, lease_token, ended_as)
  SELECT $1, id, item_id, member_id, lease_token, CASE WHEN $5::boolean THEN 'SKIPPED' ELSE 'RELEASED' END FROM ended
), logged AS (
  INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
  SELECT $1, ${leaseEvent(`CASE WHEN $5::boolean THEN 'SKIPPED' ELSE 'RELEASED' END`)},
         'member:' || member_id, item_id, queue_id,
         json_build_object('assignmentId', id, 'memberId', member_id, 'slot', slot, 'reason', $6::text)
    FROM ended
)
SELECT e.*, now() AS ended_at, ${draftColumns}
  FROM ended e LEFT JOIN draft d ON d.project_id = $1 AND d.item_id = e.item_id AND d.member_id = e.member_id`;

/**
 * Puts back what has run out: at most $2 leases, the longest over first, SKIP LOCKED, so that it never waits for a
 * submit, a release or another sweep. Nothing in it can fail for one row and so hold up the others. Drafts stay.
 * Leases may run out any number of times: a slot is offered until it is answered.
 */
export const expireSql = `
WITH over AS MATERIALIZED (
  SELECT a.id FROM assignment a
   WHERE a.project_id = $1 AND a.lease_expires_at <= now()
   ORDER BY a.lease_expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
), ended AS (
  DELETE FROM assignment a USING over WHERE a.project_id = $1 AND a.id = over.id RETURNING a.*
), ${putBack('ended')},
lapsed AS (
  INSERT INTO lapse (project_id, assignment_id, item_id, member_id, lease_token, ended_as)
  SELECT $1, id, item_id, member_id, lease_token, 'EXPIRED' FROM ended
  ON CONFLICT DO NOTHING
), ${awayCte}, logged AS (
  INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
  SELECT $1, ${leaseEvent(`'EXPIRED'`)}, 'system', item_id, queue_id,
         json_build_object('assignmentId', id, 'memberId', member_id, 'slot', slot, 'leaseExpiresAt', lease_expires_at)
    FROM ended ORDER BY lease_expires_at, id
)
SELECT count(*)::integer AS expired FROM ended`;

const live = `
SELECT a.*, ${draftColumns}
  FROM assignment a
  LEFT JOIN draft d ON d.project_id = $1 AND d.item_id = a.item_id AND d.member_id = a.member_id
 WHERE a.project_id = $1 AND a.member_id = $2 AND a.lease_expires_at > now()`;

/** The leases that a member holds now, the oldest first. */
export const liveSql = `${live} ORDER BY a.claimed_at, a.rank, a.item_id`;

/** One of them. */
export const heldSql = `${live} AND a.id = $3`;
